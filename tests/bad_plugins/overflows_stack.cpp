#include <parley/plugin.hpp>

/// Not a tail call, and not a loop to any optimizer.
[[gnu::noinline]] static int deeper(volatile int* above) {
  volatile int here[64] = {*above + 1};
  return deeper(here) + here[0];
}

struct overflows_stack final : parley::plugin {
  using plugin::plugin;
  parley::status on_call(parley::request, std::string_view) {
    volatile int start = 0;
    return deeper(&start) ? parley::status::ok : parley::status::fault;
  }
};

constexpr auto commands =
    parley::commands(parley::on<0x8017, &overflows_stack::on_call>(parley::access::open, "recurse"));

PARLEY_PLUGIN(overflows_stack, "overflows_stack", "1.0.0", "recurses for ever", commands)
