#include "new_user.hpp"

#include <gtest/gtest.h>

namespace {

using login::read_import;

TEST(read_import, takes_columns_in_any_order) {
  const auto file = read_import("Department, password ,name\nR&D,12345,ada\n");
  ASSERT_TRUE(file.faults.empty());
  ASSERT_EQ(file.users.size(), 1u);
  EXPECT_EQ(file.users[0].name, "ada");
  EXPECT_EQ(file.users[0].department, "R&D");
  EXPECT_EQ(file.users[0].secret, "827ccb0eea8a706c4c34a16891f84e7b");
  EXPECT_EQ(file.users[0].line, 2u);
}

TEST(read_import, reports_every_bad_line_with_its_number) {
  const auto file = read_import("name,password\n,x\nada\nbob,x\nbob,y\n\xff,x\ncay,\n dan,x\n");
  ASSERT_EQ(file.faults.size(), 6u);
  const std::size_t lines[] = {2, 3, 5, 6, 7, 8};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(file.faults[i].line, lines[i]) << file.faults[i].text;
  EXPECT_EQ(file.users.size(), 1u);
}

TEST(read_import, wants_a_header_it_knows) {
  EXPECT_EQ(read_import("").faults.size(), 1u);
  EXPECT_EQ(read_import("ada,12345\n").faults.size(), 2u);
  EXPECT_EQ(read_import("name,nick\nada,a\n").faults.size(), 1u);
  EXPECT_EQ(read_import("name,password,name\n").faults.size(), 1u);
}

TEST(read_import, a_header_alone_imports_nobody) {
  const auto file = read_import("name,password\n");
  EXPECT_TRUE(file.faults.empty());
  EXPECT_TRUE(file.users.empty());
}

TEST(fault_of, counts_characters_not_bytes) {
  login::new_user user;
  for (int i = 0; i < 32; ++i) user.name += "字";
  EXPECT_EQ(login::fault_of(user), "");
  user.name += "字";
  EXPECT_NE(login::fault_of(user), "");
}

TEST(fault_of, refuses_what_the_columns_cannot_hold) {
  EXPECT_NE(login::fault_of(
                {.name = "ada", .secret = "", .nick = "", .department = "", .email = "", .phone = "123456789012"}),
            "");
  EXPECT_NE(login::fault_of({.name = "a\nb", .secret = "", .nick = "", .department = "", .email = "", .phone = ""}),
            "");
}

}  // namespace
