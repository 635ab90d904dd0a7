#include <unistd.h>

#include <parley/plugin.hpp>

struct stalls final : parley::plugin {
  using plugin::plugin;
  parley::status on_call(parley::request, std::string_view) {
    usleep(400000);
    return parley::status::ok;
  }
};

constexpr auto commands = parley::commands(parley::on<0x8018, &stalls::on_call>(parley::access::open, "block"));

PARLEY_PLUGIN(stalls, "stalls", "1.0.0", "blocks the loop for 400 ms", commands)
