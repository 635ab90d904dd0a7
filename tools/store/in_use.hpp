// Whether somebody works on an SQLite file.
#pragma once

#include <optional>
#include <string>

namespace parley::store {

/// The process that has the database open, asked of the kernel: whoever has it open in WAL mode holds a lock on it.
/// Before this process opens it: closing any descriptor of a file drops a process's own locks. None when the file is
/// not there.
std::optional<int> holder_of(const std::string& file);

}  // namespace parley::store
