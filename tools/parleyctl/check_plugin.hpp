// `parleyctl check-plugin FILE.so`: what a host will say to a plugin, before any host has seen it.
#pragma once

#include <string>
#include <vector>

namespace parleyctl {

/// Arguments behind the verb: FILE.so. Reads the file by the host's own ELF gate (will it ever be unloaded?), then lets
/// `parleyd describe` of this kit load it in a process of its own, where a crash or a hang is an answer: ABI and
/// descriptor. Prints what was found; 0 when a host of this kit takes it, 1 when not. Needs no running node. Throws
/// std::runtime_error.
int check_plugin(const std::vector<std::string>& words, bool as_json);

}  // namespace parleyctl
