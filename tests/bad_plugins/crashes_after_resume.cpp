#include <parley/plugin.hpp>
#include <parley/timer.hpp>

#include "crashes.hpp"

struct crashes_after_resume final : parley::plugin {
  using plugin::plugin;
  parley::task<parley::status> on_call(parley::request, std::string) {
    co_await parley::sleep(host_edge(), 20);
    crash_here();
    co_return parley::status::ok;
  }
};

constexpr auto commands =
    parley::commands(parley::on<0x8014, &crashes_after_resume::on_call>(parley::access::open, "wait"));

PARLEY_PLUGIN(crashes_after_resume, "crashes_after_resume", "1.0.0", "crashes when its coroutine goes on", commands)
