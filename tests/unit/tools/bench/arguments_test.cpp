#include "bench/arguments.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

arguments of(std::vector<const char*> words) {
  return {static_cast<int>(words.size()), const_cast<char**>(words.data())};
}

TEST(arguments, gives_values_and_defaults) {
  arguments from = of({"--pairs", "7", "--json", "--receipts", "on"});
  EXPECT_EQ(from.take_number("--pairs", 1, 1, 100), 7u);
  EXPECT_EQ(from.take_number("--window", 8, 1, 100), 8u);
  EXPECT_TRUE(from.take_switch("--json"));
  EXPECT_TRUE(from.take_on_off("--receipts", false));
  EXPECT_EQ(from.take_server().text(), "127.0.0.1:8000");
  EXPECT_TRUE(from.problems().empty());
}

TEST(arguments, tells_everything_wrong_at_once) {
  arguments from = of({"stray", "--pairs", "0", "--receipts", "maybe", "--server", "x:y", "--bogus"});
  from.take_number("--pairs", 1, 1, 100);
  from.take_on_off("--receipts", false);
  from.take_server();
  EXPECT_EQ(from.problems().size(), 5u);
}

}  // namespace
}  // namespace parley::bench
