#include "host/net/outbound.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

shared_bytes bytes(const char* text) {
  return std::make_shared<const std::string>(text);
}

std::string written(const outbound& out, std::size_t skip) {
  std::vector<uv_buf_t> buffers;
  out.buffers(skip, buffers);
  std::string all;
  for (const auto& b : buffers) all.append(b.base, b.len);
  return all;
}

TEST(outbound, keeps_the_order_of_its_own_and_shared_bytes_from_any_place_on) {
  outbound out;
  out.share(bytes("first"));
  out.own += "one";
  out.share(bytes("second"));
  out.share(bytes("third"));
  out.own += "two";
  const std::string all = "firstonesecondthirdtwo";
  EXPECT_EQ(out.size(), all.size());
  for (std::size_t skip = 0; skip <= all.size(); ++skip) EXPECT_EQ(written(out, skip), all.substr(skip)) << skip;
}

TEST(outbound, shares_what_it_is_given) {
  const auto body = bytes("body");
  outbound one, other;
  one.share(body);
  other.share(body);
  EXPECT_EQ(body.use_count(), 3);
  const auto taken = one.take();
  EXPECT_TRUE(one.empty());
  EXPECT_EQ(written(taken, 0), "body");
  other = outbound();
  EXPECT_EQ(body.use_count(), 2);
}

TEST(outbound, an_empty_one_has_nothing_to_write) {
  outbound out;
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(written(out, 0), "");
  out.own = "x";
  EXPECT_EQ(written(out, 0), "x");
  EXPECT_EQ(written(out, 1), "");
}

}  // namespace
}  // namespace parley::host
