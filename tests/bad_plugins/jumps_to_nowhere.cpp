#include <parley/plugin.hpp>

struct jumps_to_nowhere final : parley::plugin {
  using plugin::plugin;
  parley::status on_call(parley::request, std::string_view) {
    void (*volatile nowhere)() = nullptr;
    nowhere();
    return parley::status::ok;
  }
};

constexpr auto commands =
    parley::commands(parley::on<0x8016, &jumps_to_nowhere::on_call>(parley::access::open, "jump"));

PARLEY_PLUGIN(jumps_to_nowhere, "jumps_to_nowhere", "1.0.0", "calls through a null pointer", commands)
