#include "import/options.hpp"

#include <gtest/gtest.h>

#include "import/trouble.hpp"

namespace parley::teamtalk {
namespace {

TEST(import_options, are_read_in_both_forms) {
  const auto o = read_options(
      {"--mysql=mysql://u:p@h/d", "--redis", "redis://a", "--redis=redis://b", "--msfs", "/srv", "--dry-run", "--json"},
      "/opt/bin");
  EXPECT_EQ(o.mysql, "mysql://u:p@h/d");
  EXPECT_EQ(o.redis, (std::vector<std::string>{"redis://a", "redis://b"}));
  EXPECT_EQ(o.msfs, "/srv");
  EXPECT_TRUE(o.dry && o.json);
  EXPECT_EQ(o.parleyd, "/opt/bin/parleyd");
  EXPECT_EQ(o.plugins, "/opt/bin/../plugins");
}

TEST(import_options, say_what_is_wrong) {
  EXPECT_THROW(read_options({"--mysql"}, ""), trouble);
  EXPECT_THROW(read_options({"--mysql", "x", "--dry"}, ""), trouble);
  EXPECT_THROW(read_options({"--mysql", "x", "y"}, ""), trouble);
  EXPECT_THROW(read_options({"--mysql", "x", "--json=yes"}, ""), trouble) << "a switch has no value";
  EXPECT_TRUE(read_options({"--help"}, "").help);
  EXPECT_TRUE(read_options({"-h"}, "").help);
}

}  // namespace
}  // namespace parley::teamtalk
