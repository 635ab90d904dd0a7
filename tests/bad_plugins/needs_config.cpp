#include "support.hpp"

constexpr parley_config_key keys[] = {
    {"secret_ingredient", PARLEY_CONFIG_TEXT, 1, nullptr, 0, 0, nullptr, "what makes it work"}};

constexpr parley_plugin_descriptor make() {
  auto d = bad_descriptor("needs_config");
  d.config = {keys, 1, sizeof keys[0]};
  return d;
}
BAD_PLUGIN(make())
