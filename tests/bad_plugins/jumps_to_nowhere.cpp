#include <parley/plugin.hpp>

/// Not inlined, and not left for good by the call: its return address is what tells where it was.
[[gnu::noinline]] static int jump() {
  int (*volatile nowhere)() = nullptr;
  return nowhere() + 1;
}

struct jumps_to_nowhere final : parley::plugin {
  using plugin::plugin;
  parley::status on_call(parley::request, std::string_view) {
    return jump() ? parley::status::ok : parley::status::fault;
  }
};

constexpr auto commands =
    parley::commands(parley::on<0x8016, &jumps_to_nowhere::on_call>(parley::access::open, "jump"));

PARLEY_PLUGIN(jumps_to_nowhere, "jumps_to_nowhere", "1.0.0", "calls through a null pointer", commands)
