// The parts of a shared library that say how the loader will treat it, read without loading it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parley/status.hpp"

namespace parley::host {

/// Every offset in the file is a stranger's: nothing is followed before it is bounded, and a file that is cut short or
/// changes while it is read is an error, never a fault.
struct elf_file {
  struct symbol {
    std::string name;  // as the linker knows it
    bool defined = false;
    bool unique = false;    // STB_GNU_UNIQUE
    bool exported = false;  // global or weak, and visible
  };

  std::string build_id;  // hexadecimal; empty when there is none
  std::uint64_t flags = 0;
  std::uint64_t flags_1 = 0;
  bool has_thread_locals = false;
  std::vector<std::string> needed;
  std::vector<symbol> symbols;  // of the dynamic table

  /// The error is a sentence without the file's name: "it is cut short: ...".
  static result<elf_file> read(const std::string& path);
};

/// As a person writes it; the name itself when it is none of C++.
std::string demangled(const std::string& name);

}  // namespace parley::host
