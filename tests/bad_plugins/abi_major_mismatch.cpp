#include "support.hpp"

constexpr parley_plugin_descriptor make() {
  auto d = bad_descriptor("abi_major_mismatch");
  d.abi_major = PARLEY_ABI_MAJOR + 1;
  return d;
}
BAD_PLUGIN(make())
