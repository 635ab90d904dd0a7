// The calls that the shim stands in front of.
#pragma once

#include <dlfcn.h>

#include <algorithm>
#include <cstddef>

namespace parley::crash {

template <std::size_t Size>
struct symbol_name {
  constexpr symbol_name(const char (&literal)[Size]) { std::copy_n(literal, Size, text); }
  char text[Size]{};
};

/// real<"fsync", int(int)>() is the fsync behind the shim's. Looked up at first use: others write before this library's
/// statics are made.
template <symbol_name Name, class Function>
Function* real() {
  static Function* const found = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, Name.text));
  return found;
}

}  // namespace parley::crash
