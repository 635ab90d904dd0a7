#include "support.hpp"

parley_status handle(void*, const parley_request*) {
  return PARLEY_OK;
}
constexpr parley_command commands[] = {{0x0103, PARLEY_OPEN, 0, "login_too", handle}};

constexpr parley_plugin_descriptor make() {
  auto d = bad_descriptor("duplicate_command");
  d.commands = {commands, 1, sizeof commands[0]};
  return d;
}
BAD_PLUGIN(make())
