#include <parley/plugin.hpp>

#include "crashes.hpp"

struct crashes_in_handler final : parley::plugin {
  using plugin::plugin;
  parley::status on_call(parley::request, std::string_view) {
    crash_here();
    return parley::status::ok;
  }
};

constexpr auto commands =
    parley::commands(parley::on<0x8010, &crashes_in_handler::on_call>(parley::access::open, "crash"));

PARLEY_PLUGIN(crashes_in_handler, "crashes_in_handler", "1.0.0", "crashes at the first call", commands)
