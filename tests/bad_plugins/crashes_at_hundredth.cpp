#include <parley/plugin.hpp>

#include "crashes.hpp"

struct crashes_at_hundredth final : parley::plugin {
  using plugin::plugin;
  parley::status on_call(parley::request, std::string_view) {
    if (++calls_ == 100) crash_here();
    return parley::status::ok;
  }
  int calls_ = 0;
};

constexpr auto commands =
    parley::commands(parley::on<0x8011, &crashes_at_hundredth::on_call>(parley::access::open, "count"));

PARLEY_PLUGIN(crashes_at_hundredth, "crashes_at_hundredth", "1.0.0", "crashes at the hundredth call", commands)
