#include <parley/plugin.hpp>

struct self_test_fails final : parley::plugin {
  using plugin::plugin;
  parley::status self_test() override { return parley::status::refused; }
};

PARLEY_PLUGIN(self_test_fails, "self_test_fails", "1.0.0", "finds itself unfit")
