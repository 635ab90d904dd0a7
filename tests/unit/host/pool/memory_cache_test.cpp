#include "host/pool/memory_cache.hpp"

#include "unit/host/pool/cache_conformance.hpp"

namespace parley::host {
namespace {

struct in_memory {
  explicit in_memory(loop& l) : kept(l, 16 << 20) {}
  memory_cache kept;
  cache_backend& cache = kept;
};
INSTANTIATE_TYPED_TEST_SUITE_P(memory, every_cache, in_memory);

class memory_caches : public testing::Test {
 protected:
  loop loop_;
  memory_cache kept_{loop_, 10000};
  cache_user cache_{loop_, kept_};
};

TEST_F(memory_caches, count_what_they_hold) {
  cache_.set("a", "1");
  EXPECT_EQ(kept_.stats().entries, 1u);
  EXPECT_GT(kept_.stats().bytes, 0u);
  cache_.erase("a");
  EXPECT_EQ(kept_.stats().entries, 0u);
  EXPECT_EQ(kept_.stats().bytes, 0u);
}

TEST_F(memory_caches, let_the_least_recently_used_make_room) {
  const std::string kilobyte(1000, 'k');
  for (char c = 'a'; c < 'i'; ++c) cache_.set(std::string(1, c), kilobyte);
  EXPECT_EQ(cache_.get("a"), kilobyte);
  cache_.set("i", kilobyte);
  EXPECT_EQ(cache_.get("a"), kilobyte);
  EXPECT_EQ(cache_.get("b"), std::nullopt);
  EXPECT_LE(kept_.stats().bytes, 10000u);
  EXPECT_EQ(kept_.stats().evicted, 1u);
  cache_.set("larger than all", std::string(20000, 'x'));
  EXPECT_EQ(cache_.get("larger than all"), std::nullopt);
}

}  // namespace
}  // namespace parley::host
