#include <parley/plugin.hpp>

/// Not a tail call, and endless only by its argument, which no compiler knows.
[[gnu::noinline]] static int deeper(volatile int* left) {
  volatile int here[64] = {*left - 1};
  return *left == 0 ? 0 : deeper(here) + here[0];
}

struct overflows_stack final : parley::plugin {
  using plugin::plugin;
  parley::status on_call(parley::request, std::string_view) {
    volatile int calls = 1 << 30;
    return deeper(&calls) ? parley::status::ok : parley::status::fault;
  }
};

constexpr auto commands =
    parley::commands(parley::on<0x8017, &overflows_stack::on_call>(parley::access::open, "recurse"));

PARLEY_PLUGIN(overflows_stack, "overflows_stack", "1.0.0", "recurses out of its stack", commands)
