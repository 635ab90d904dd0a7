#include "host/pool/statement_cache.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

struct counted {
  explicit counted(int& n) : alive(n) { ++alive; }
  ~counted() { --alive; }
  int& alive;
};

class statement_cache_test : public testing::Test {
 protected:
  statement_cache<counted>::lease take(const std::string& key) {
    return cache_.take(key, [this] {
      ++made_;
      return std::make_unique<counted>(alive_);
    });
  }
  int alive_ = 0;
  int made_ = 0;
  statement_cache<counted> cache_{2};
};

TEST_F(statement_cache_test, the_same_text_is_prepared_once_wherever_it_lies) {
  const std::string a = "SELECT 1", b = a;
  take(a);
  take(b);
  EXPECT_EQ(made_, 1);
}

TEST_F(statement_cache_test, the_least_recently_used_goes) {
  take("a");
  take("b");
  take("a");
  take("c");
  EXPECT_EQ(alive_, 2);
  take("a");
  EXPECT_EQ(made_, 3);
  take("b");
  EXPECT_EQ(made_, 4);
}

TEST_F(statement_cache_test, one_on_loan_is_neither_shared_nor_evicted) {
  auto outer = take("a");
  auto inner = take("a");
  EXPECT_NE(&*outer, &*inner);
  take("b");
  take("c");
  take("d");
  EXPECT_EQ(&outer->alive, &alive_);
  EXPECT_EQ(cache_.size(), 2u);
}

TEST_F(statement_cache_test, what_could_not_be_made_is_not_kept) {
  EXPECT_FALSE(cache_.take("x", [] { return std::unique_ptr<counted>(); }));
  EXPECT_EQ(cache_.size(), 0u);
}

}  // namespace
}  // namespace parley::host
