#include <parley/plugin.hpp>
#include <thread>

struct throws_in_thread final : parley::plugin {
  using plugin::plugin;
  parley::status on_call(parley::request, std::string_view) {
    std::thread([] { throw std::runtime_error("nobody catches this"); }).join();
    return parley::status::ok;
  }
};

constexpr auto commands =
    parley::commands(parley::on<0x8015, &throws_in_thread::on_call>(parley::access::open, "start"));

PARLEY_PLUGIN(throws_in_thread, "throws_in_thread", "1.0.0", "a thread of its own throws", commands)
