#include "messenger_test.hpp"

namespace message_test {
namespace {

using p2p_test = messenger_test;
using IM::SwitchService::IMP2PCmdMsg;

IMP2PCmdMsg command(std::uint32_t to, const std::string& data) {
  IMP2PCmdMsg message;
  message.set_from_user_id(77);
  message.set_to_user_id(to);
  message.set_cmd_msg_data(data);
  return message;
}

TEST_F(p2p_test, goes_to_the_peer_and_the_authors_other_terminals_under_the_true_name) {
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, command(2, "{}")), PARLEY_OK);
  EXPECT_TRUE(host.replies(host.newest()).empty());
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[0].user, 2u);
  EXPECT_EQ(parsed<IMP2PCmdMsg>(pushes[0].body).from_user_id(), 1u);
  EXPECT_EQ(pushes[1].user, 1u);
  EXPECT_EQ(pushes[1].which.except, anna.session);
  EXPECT_EQ(host.db().take_log().size(), 1u);
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, command(2, "{}")), PARLEY_OK);
  EXPECT_TRUE(host.db().take_log().empty());
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, command(9, "{}")), PARLEY_NO_TARGET);
}

TEST_F(p2p_test, is_small_valid_text) {
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, command(2, std::string(4096, 'x'))), PARLEY_OK);
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, command(2, std::string(4097, 'x'))), PARLEY_TOO_LARGE);
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, command(2, "\xFF")), PARLEY_MALFORMED);
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, command(0, "{}")), PARLEY_NO_TARGET);
}

}  // namespace
}  // namespace message_test
