#include "bench/pattern.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

TEST(pattern, reads_back_what_it_wrote) {
  pattern texts(100);
  const auto read = texts.read(texts.write({7, 0xffffffff}));
  EXPECT_EQ(read.what, pattern::kind::ours);
  EXPECT_EQ(read.which.sender, 7u);
  EXPECT_EQ(read.which.number, 0xffffffffu);
}

TEST(pattern, does_not_take_another_run_for_its_own) {
  pattern mine(100);
  pattern other(100);
  EXPECT_EQ(mine.read(other.write({1, 1})).what, pattern::kind::foreign);
  EXPECT_EQ(mine.read("hello").what, pattern::kind::foreign);
  EXPECT_EQ(mine.read("").what, pattern::kind::foreign);
}

TEST(pattern, notices_a_changed_text) {
  pattern texts(100);
  client::content_codec codec;
  std::string plain = *codec.decrypt(texts.write({1, 1}));
  plain[60] = '!';
  EXPECT_EQ(texts.read(*codec.encrypt(plain)).what, pattern::kind::damaged);
  EXPECT_EQ(texts.read(*codec.encrypt(plain.substr(0, 50))).what, pattern::kind::damaged);
}

TEST(pattern, names_each_message_once) {
  pattern texts(24);
  EXPECT_EQ(texts.client_msg_id({1, 2}), texts.client_msg_id({1, 2}));
  EXPECT_NE(texts.client_msg_id({1, 2}), texts.client_msg_id({2, 1}));
  EXPECT_LE(texts.client_msg_id({1, 2}).size(), 64u);
}

}  // namespace
}  // namespace parley::bench
