#pragma once

#include <string>

namespace parley::test {

/// A manifest with one PDU and one HTTP listener on free ports, the pools main, cpu and cache, data in $PARLEY_DATA,
/// and these lines below `plugins:`.
std::string small_manifest(const std::string& plugins);

}  // namespace parley::test
