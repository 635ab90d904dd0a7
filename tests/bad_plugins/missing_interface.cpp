#include "support.hpp"

constexpr parley_interface_need interfaces[] = {{"parley.telepathy/1"}};

constexpr parley_plugin_descriptor make() {
  auto d = bad_descriptor("missing_interface");
  d.interfaces = {interfaces, 1, sizeof interfaces[0]};
  return d;
}
BAD_PLUGIN(make())
