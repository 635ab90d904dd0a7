#include "support.hpp"

constexpr parley_pool_need pools[] = {{"warehouse", "sql"}};

constexpr parley_plugin_descriptor make() {
  auto d = bad_descriptor("missing_pool");
  d.pools = {pools, 1, sizeof pools[0]};
  return d;
}
BAD_PLUGIN(make())
