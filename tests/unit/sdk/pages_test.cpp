#include "parley/pages.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

struct row {
  int id = 0;
  std::size_t bytes = 0;
  std::size_t ByteSizeLong() const { return bytes; }
};
struct rows {
  using value_type = row;
  std::vector<row> all;
  void Add(row one) { all.push_back(one); }
};

TEST(pages, hold_what_every_client_takes) {
  pager<rows> found;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(found.add({i, 100 << 10}));
  EXPECT_EQ(found.size(), 4u);
  const auto pages = found.take();
  int id = 0;
  for (const auto& page : pages) {
    std::size_t bytes = 0;
    for (const auto& one : page.all) {
      bytes += one.bytes;
      EXPECT_EQ(one.id, id++);
    }
    EXPECT_LE(bytes, page_bytes);
  }
  EXPECT_EQ(id, 10);
}

TEST(pages, of_one_request_are_few) {
  pager<rows> found;
  for (std::size_t i = 0; i < pager<rows>::most; ++i) EXPECT_TRUE(found.add({1, 300 << 10}));
  EXPECT_FALSE(found.full());
  EXPECT_FALSE(found.add({2, 300 << 10}));
  EXPECT_TRUE(found.full());
  EXPECT_FALSE(found.add({3, 1})) << "and all behind it stay out";
  EXPECT_EQ(found.take().size(), pager<rows>::most);
}

TEST(pages, may_have_to_be_one_at_least) {
  EXPECT_TRUE(pager<rows>().take().empty());
  ASSERT_EQ(pager<rows>().take_some().size(), 1u);
  EXPECT_TRUE(pager<rows>().take_some()[0].all.empty());
  pager<rows> found;
  found.add({1, 1});
  EXPECT_EQ(found.take_some().size(), 1u);
}

TEST(pages, take_one_row_however_large) {
  pager<rows> found;
  EXPECT_TRUE(found.add({1, 2 << 20}));
  EXPECT_TRUE(found.add({2, 1}));
  EXPECT_EQ(found.size(), 2u);
}

}  // namespace
}  // namespace parley
