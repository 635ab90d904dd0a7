#include "support.hpp"

constexpr parley_plugin_descriptor make() {
  auto d = bad_descriptor("abi_minor_newer");
  d.abi_minor = PARLEY_ABI_MINOR + 1;
  return d;
}
BAD_PLUGIN(make())
