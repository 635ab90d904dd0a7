#include "events/user.pb.h"
#include "people.hpp"

namespace buddy_test {
namespace {

class profile : public people {
 protected:
  std::uint32_t sign(const std::string& text) {
    IMChangeSignInfoReq request;
    request.set_user_id(2);  // not to be believed
    request.set_sign_info(text);
    EXPECT_EQ(host.serve(anna, cid::buddy_list_change_sign_info_request, request), PARLEY_OK);
    const auto reply = host.answer<IMChangeSignInfoRsp>();
    EXPECT_EQ(reply.user_id(), 1u);
    EXPECT_EQ(reply.has_sign_info(), reply.result_code() == 0);
    return reply.result_code();
  }
  std::uint32_t show(const std::string& url) {
    IMChangeAvatarReq request;
    request.set_user_id(2);
    request.set_avatar_url(url);
    EXPECT_EQ(host.serve(anna, cid::buddy_list_change_avatar_request, request), PARLEY_OK);
    return host.answer<IMChangeAvatarRsp>().result_code();
  }
};

TEST_F(profile, a_signature_is_stored_dated_and_announced) {
  EXPECT_EQ(sign("hello"), 0u);
  EXPECT_EQ(run("SELECT sign_info FROM IMUser WHERE id = 1"), "hello");
  EXPECT_EQ(run("SELECT updated FROM IMUser WHERE id = 1"), std::to_string(now));
  EXPECT_EQ(run("SELECT sign_info FROM IMUser WHERE id = 2"), "");
  EXPECT_TRUE(host.take_pushes().empty());
  const auto told = host.take_told();
  ASSERT_EQ(told.size(), 1u);
  const auto event = parsed<parley::events::UserChanged>(told[0]);
  EXPECT_EQ(event.user_id(), 1u);
  EXPECT_EQ(event.what(), static_cast<std::uint32_t>(parley::events::USER_PROFILE));
  EXPECT_EQ(event.sign_info(), "hello");
  EXPECT_FALSE(event.has_avatar());
  EXPECT_EQ(event.updated(), now);
}

TEST_F(profile, an_empty_signature_is_announced_as_one) {
  sign("x");
  host.take_told();
  EXPECT_EQ(sign(""), 0u);
  EXPECT_TRUE(parsed<parley::events::UserChanged>(host.take_told().at(0)).has_sign_info());
}

TEST_F(profile, the_same_again_is_success_and_no_news) {
  EXPECT_EQ(sign("hello"), 0u);
  host.take_told();
  host.now_ms += 5000;
  EXPECT_EQ(sign("hello"), 0u);
  EXPECT_TRUE(host.take_told().empty());
  EXPECT_EQ(run("SELECT updated FROM IMUser WHERE id = 1"), std::to_string(now));
  EXPECT_EQ(sign("Hello"), 0u);
  EXPECT_EQ(host.take_told().size(), 1u);
}

TEST_F(profile, a_change_never_goes_back_in_time) {
  run("UPDATE IMUser SET updated = " + std::to_string(now + 100) + " WHERE id = 1");
  EXPECT_EQ(sign("x"), 0u);
  EXPECT_EQ(run("SELECT updated FROM IMUser WHERE id = 1"), std::to_string(now + 100));
}

TEST_F(profile, what_cannot_be_stored_is_result_code_1) {
  EXPECT_EQ(sign(std::string(128, 'x')), 0u);
  for (const auto& wrong :
       {std::string(129, 'x'), std::string("\xff"), std::string("a\0", 2), std::string(1 << 20, 'x')})
    EXPECT_EQ(sign(wrong), 1u);
  EXPECT_EQ(run("SELECT sign_info FROM IMUser WHERE id = 1"), std::string(128, 'x'));
  EXPECT_EQ(show(std::string(255, 'x')), 0u);
  for (const auto& wrong :
       {std::string(256, 'x'), std::string("\xff"), std::string("a\0", 2), std::string(1 << 20, 'x')})
    EXPECT_EQ(show(wrong), 1u);
  EXPECT_EQ(run("SELECT avatar FROM IMUser WHERE id = 1"), std::string(255, 'x'));
}

TEST_F(profile, quotes_are_text) {
  EXPECT_EQ(sign("'; DROP TABLE IMUser; --\\"), 0u);
  EXPECT_EQ(run("SELECT sign_info FROM IMUser WHERE id = 1"), "'; DROP TABLE IMUser; --\\");
}

TEST_F(profile, an_avatar_goes_to_the_users_other_terminals) {
  EXPECT_EQ(show("g0/a.png"), 0u);
  EXPECT_EQ(run("SELECT avatar FROM IMUser WHERE id = 1"), "g0/a.png");
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].user, 1u);
  EXPECT_EQ(pushes[0].command, cid::buddy_list_change_avatar_response);
  EXPECT_EQ(pushes[0].which.except, anna.session);
  EXPECT_EQ(pushes[0].which.min_level, 0u);
  EXPECT_EQ(parsed<parley::events::UserChanged>(host.take_told().at(0)).avatar(), "g0/a.png");
  EXPECT_EQ(show("g0/a.png"), 0u);
  EXPECT_TRUE(host.take_pushes().empty());
}

TEST_F(profile, a_database_that_is_away_is_result_code_1) {
  host.jobs_verdict = PARLEY_UNAVAILABLE;
  EXPECT_EQ(sign("x"), 1u);
  EXPECT_EQ(show("x"), 1u);
  host.jobs_verdict = PARLEY_OK;
  host.db().fail("UPDATE IMUser", PARLEY_DATA_ERROR, 2);
  EXPECT_EQ(sign("x"), 1u);
  EXPECT_EQ(show("x"), 1u);
  EXPECT_TRUE(host.take_told().empty());
  EXPECT_TRUE(host.take_pushes().empty());
}

}  // namespace
}  // namespace buddy_test
