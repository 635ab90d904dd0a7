#include "client/file_name.hpp"

#include <gtest/gtest.h>

namespace parley::client {
namespace {

TEST(file_name, of_a_stranger_is_no_path_and_harmless) {
  EXPECT_EQ(safe_file_name("report.pdf"), "report.pdf");
  EXPECT_EQ(safe_file_name("отчёт 7.pdf"), "отчёт 7.pdf");
  EXPECT_EQ(safe_file_name("/etc/passwd"), "passwd");
  EXPECT_EQ(safe_file_name("..\\..\\evil.exe"), "evil.exe");
  EXPECT_EQ(safe_file_name(".."), "_.");
  EXPECT_EQ(safe_file_name(".bashrc"), "_bashrc");
  EXPECT_EQ(safe_file_name("-rf"), "_rf");
  EXPECT_EQ(safe_file_name("  "), "file");
  EXPECT_EQ(safe_file_name(""), "file");
  EXPECT_EQ(safe_file_name("a/"), "file");
  EXPECT_EQ(safe_file_name("a\n\x1b[2Jb\tc"), "a__[2Jb_c");
  EXPECT_EQ(safe_file_name(std::string("a\0b", 3)), "a_b");
  EXPECT_EQ(safe_file_name("gpj.\u202Eexe"), "gpj.\uFFFDexe");
  EXPECT_EQ(safe_file_name("\xff.txt"), "\uFFFD.txt");
}

TEST(file_name, that_is_too_long_keeps_its_ending) {
  const auto name = safe_file_name(std::string(500, 'x') + ".tar");
  EXPECT_EQ(name.size(), 200u);
  EXPECT_TRUE(name.ends_with("x.tar"));
  std::string wide;
  for (int i = 0; i < 200; ++i) wide += "ё";
  const auto cut = safe_file_name("x" + wide + ".a");
  EXPECT_LE(cut.size(), 200u);
  EXPECT_TRUE(cut.ends_with("ё.a")) << "cut between two characters";
}

TEST(file_name, gets_a_number_before_its_ending) {
  EXPECT_EQ(numbered_file_name("report.pdf", 2), "report (2).pdf");
  EXPECT_EQ(numbered_file_name("README", 1), "README (1)");
  EXPECT_EQ(numbered_file_name(".profile", 1), ".profile (1)");
}

TEST(file_name, sizes_are_told_in_words) {
  EXPECT_EQ(size_in_words(0), "0 bytes");
  EXPECT_EQ(size_in_words(1), "1 byte");
  EXPECT_EQ(size_in_words(1536), "1.5 KiB");
  EXPECT_EQ(size_in_words(4294967295u), "4.0 GiB");
}

TEST(task_id, is_a_uuid_and_nothing_else) {
  EXPECT_TRUE(is_task_id("0123abcd-0000-4000-8000-0123456789AB"));
  EXPECT_FALSE(is_task_id(""));
  EXPECT_FALSE(is_task_id("0123abcd-0000-4000-8000-0123456789A"));
  EXPECT_FALSE(is_task_id("../../../../../../../../etc/passwd00"));
  EXPECT_FALSE(is_task_id("0123abcd-0000-4000-8000-0123456789A/"));
  EXPECT_FALSE(is_task_id("0123abcd000004000-8000-0123456789ABC"));
}

}  // namespace
}  // namespace parley::client
