// A redis cache on a real Redis of its own.
#pragma once

#include "host/redis/redis_cache.hpp"
#include "support/redis_server.hpp"
#include "unit/host/pool/cache_conformance.hpp"

namespace parley::host {

#ifdef PARLEY_SANITIZED
inline constexpr redis_limits test_limits{5000, 1500, 10000};
#else
inline constexpr redis_limits test_limits{2000, 400, 10000};
#endif

/// A node's side of a cache.
struct redis_node {
  redis_node(loop& l, const std::string& url, redis_limits limits = test_limits)
      : cache(l, "c", *parse_redis_url(url), limits), user(l, cache) {}
  /// Finds values, even if it may keep none.
  bool serves() const { return std::string_view(cache.state()) == "ok" || std::string_view(cache.state()) == "full"; }
  redis_cache cache;
  cache_user user;
};

class redis_test : public testing::Test {
 protected:
  redis_node& node() {
    if (!node_) node_ = std::make_unique<redis_node>(loop_, redis_.url(), limits_);
    EXPECT_TRUE(turn_until(loop_, [this] { return node_->serves(); })) << node_->cache.trouble();
    return *node_;
  }
  cache_user& cache() { return node().user; }
  bool away(redis_node& n) {
    return turn_until(loop_, [&] { return std::string_view(n.cache.state()) == "away"; });
  }

  test::redis_server redis_;
  loop loop_;
  redis_limits limits_ = test_limits;
  std::unique_ptr<redis_node> node_;
};

}  // namespace parley::host
