#include "store/options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "store/trouble.hpp"

namespace parley::store {
namespace {

TEST(copy_options, are_read_in_both_spellings) {
  const auto o = read_copy_options(
      {"--from", "sqlite://a", "--to=mysql://u:p@h/d", "--verify", "--json", "--plugins", "x", "--plugins=y"}, "/bin");
  EXPECT_EQ(o.from, "sqlite://a");
  EXPECT_EQ(o.to, "mysql://u:p@h/d");
  EXPECT_TRUE(o.verify_only && o.json);
  EXPECT_EQ(o.plugins, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(o.parleyd, "/bin/parleyd");
}

TEST(copy_options, urls_may_stand_in_the_environment_which_no_process_list_shows) {
  setenv("PARLEY_COPY_FROM", "sqlite://a", 1);
  setenv("PARLEY_COPY_TO", "mysql://u:p@h/d", 1);
  const auto o = read_copy_options({}, "/bin");
  unsetenv("PARLEY_COPY_FROM");
  unsetenv("PARLEY_COPY_TO");
  EXPECT_EQ(o.to, "mysql://u:p@h/d");
}

TEST(copy_options, what_is_wrong_is_refused) {
  EXPECT_THROW(read_copy_options({"--from", "sqlite://a"}, "/bin"), trouble);
  EXPECT_THROW(read_copy_options({"--from"}, "/bin"), trouble);
  EXPECT_THROW(read_copy_options({"--form", "x"}, "/bin"), trouble);
  EXPECT_TRUE(read_copy_options({"--help"}, "/bin").help);
}

}  // namespace
}  // namespace parley::store
