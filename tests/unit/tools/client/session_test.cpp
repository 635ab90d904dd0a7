#include "client/session.hpp"

#include <gtest/gtest.h>
#include <parley/commands.hpp>

#include "IM.Message.pb.h"
#include "Parley.Host.pb.h"
#include "client/blocking_client.hpp"
#include "client/digest.hpp"
#include "scripted_server.hpp"

namespace parley::client {
namespace {

constexpr std::uint64_t soon_ms = 5000;

std::string login_answer(const pdu& next, IM::BaseDefine::ResultType code = IM::BaseDefine::REFUSE_REASON_NONE) {
  IM::Login::IMLoginRes body;
  body.set_server_time(1);
  body.set_result_code(code);
  if (code == IM::BaseDefine::REFUSE_REASON_NONE) {
    auto& me = *body.mutable_user_info();
    me.set_user_id(7);
    me.set_user_gender(0);
    me.set_user_nick_name("");
    me.set_avatar_url("");
    me.set_department_id(0);
    me.set_email("");
    me.set_user_real_name("alice");
    me.set_user_tel("");
    me.set_user_domain("");
    me.set_status(0);
    body.set_extension_level(1);
  }
  std::string out;
  append_pdu(out, cid::login_res_userlogin, next.head.seq_num, body);
  return out;
}

std::string time_answer(std::uint16_t seq, std::uint32_t value) {
  IM::Message::IMClientTimeRsp body;
  body.set_server_time(value);
  std::string out;
  append_pdu(out, cid::msg_time_response, seq, body);
  return out;
}

const IM::Message::IMClientTimeReq ask_time;

TEST(blocking_client, logs_in_with_the_md5_of_the_password) {
  IM::Login::IMLoginReq seen;
  scripted_server server([&](const pdu& next) {
    next.read(seen);
    return login_answer(next);
  });
  blocking_client client;
  const auto me = client.login(server.where(), {.user = "alice", .password = "12345"});
  ASSERT_TRUE(me);
  EXPECT_EQ(me->user_id, 7u);
  EXPECT_EQ(me->name, "alice");
  EXPECT_EQ(me->extension_level, 1u);
  client.close();
  EXPECT_EQ(seen.password(), md5_hex("12345"));
  EXPECT_EQ(seen.extension_level(), 1u);
}

TEST(blocking_client, tells_a_refused_login_from_no_connection) {
  endpoint nowhere;
  {
    scripted_server server(
        [](const pdu& next) { return login_answer(next, IM::BaseDefine::REFUSE_REASON_DB_VALIDATE_FAILED); });
    nowhere = server.where();
    blocking_client client;
    const auto me = client.login(server.where(), {.user = "alice", .password = "x"});
    ASSERT_FALSE(me);
    EXPECT_EQ(me.why().what, failure::refused);
    EXPECT_EQ(me.why().code, 6u);
  }
  blocking_client client;
  const auto me = client.login(nowhere, {.user = "alice", .password = "x"});
  ASSERT_FALSE(me);
  EXPECT_EQ(me.why().what, failure::connect);
}

TEST(blocking_client, matches_answers_by_seq_and_keeps_the_rest) {
  scripted_server server(
      [](const pdu& next) { return time_answer(0, 1) + time_answer(9999, 2) + time_answer(next.head.seq_num, 3); });
  blocking_client client;
  ASSERT_TRUE(client.connect(server.where()));
  const auto answer = client.ask<IM::Message::IMClientTimeRsp>(cid::msg_time_request, ask_time);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->server_time(), 3u);
  EXPECT_EQ(client.inbox().size(), 2u);
  EXPECT_EQ(client.expect<IM::Message::IMClientTimeRsp>(cid::msg_time_response)->server_time(), 1u);
}

TEST(blocking_client, hears_a_refusal) {
  scripted_server server([](const pdu& next) {
    host::IMRefused body;
    body.set_command_id(next.head.command_id);
    body.set_code(host::REFUSAL_TOO_FAST);
    body.set_retry_after_ms(300);
    std::string out;
    append_pdu(out, cid::host_refused, next.head.seq_num, body);
    return out;
  });
  blocking_client client;
  ASSERT_TRUE(client.connect(server.where()));
  const auto answer = client.request(cid::msg_time_request, ask_time);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.why().what, failure::refused);
  EXPECT_EQ(answer.why().code, 5u);
  EXPECT_EQ(answer.why().retry_after_ms, 300u);
  EXPECT_EQ(answer.why().text, "too fast");
}

TEST(blocking_client, gives_up_at_the_deadline_and_goes_on) {
  int calls = 0;
  scripted_server server([&](const pdu& next) { return ++calls == 1 ? "" : time_answer(next.head.seq_num, 3); });
  blocking_client client;
  ASSERT_TRUE(client.connect(server.where()));
  const auto late = client.request(cid::msg_time_request, ask_time, 100);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.why().what, failure::timeout);
  EXPECT_TRUE(client.request(cid::msg_time_request, ask_time));
}

TEST(blocking_client, answers_open_requests_when_the_connection_ends) {
  scripted_server server([](const pdu&) { return scripted_server::close_now; });
  blocking_client client;
  ASSERT_TRUE(client.connect(server.where()));
  const auto answer = client.request(cid::msg_time_request, ask_time);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.why().what, failure::closed);
  EXPECT_TRUE(client.closed_within(soon_ms));
}

TEST(blocking_client, does_not_trust_an_impossible_length) {
  scripted_server server([](const pdu&) { return std::string(16, '\0'); });
  blocking_client client;
  ASSERT_TRUE(client.connect(server.where()));
  EXPECT_FALSE(client.request(cid::msg_time_request, ask_time));
  EXPECT_TRUE(client.closed_within(soon_ms));
}

TEST(session, may_be_destroyed_from_each_of_its_callbacks) {
  for (int which = 0; which < 4; ++which) {
    scripted_server server([&](const pdu& next) {
      return which == 3 ? scripted_server::close_now : time_answer(0, 1) + time_answer(next.head.seq_num, 2);
    });
    event_loop loop;
    std::unique_ptr<session> line;
    const auto drop = [&](int callback) {
      if (callback == which) line.reset();
    };
    line = std::make_unique<session>(loop,
                                     session::handlers{[&](const identity&) {
                                                         line->request(cid::msg_time_request, ask_time, soon_ms,
                                                                       [&](result<pdu>) { drop(2); });
                                                         drop(0);
                                                       },
                                                       [&](const pdu&) { drop(1); }, [&](const error&) { drop(3); }});
    line->start(server.where(), std::nullopt, soon_ms);
    EXPECT_TRUE(loop.run_until([&] { return !line; }, soon_ms)) << which;
  }
}

/// A session whose one request_all() is answered with `answers`, until the loop has seen `enough`.
struct several {
  several(std::string (*answers)(std::uint16_t seq), int wanted, std::function<bool(several&)> enough)
      : server([answers](const pdu& next) { return answers(next.head.seq_num); }) {
    line = std::make_unique<session>(
        loop, session::handlers{[this, wanted](const identity&) {
                                  line->request_all(
                                      cid::msg_time_request, ask_time, soon_ms,
                                      [this, wanted](result<pdu> answer) { return take(answer, wanted); });
                                },
                                [this](const pdu&) { ++pushed; }, [](const error&) {}});
    line->start(server.where(), std::nullopt, soon_ms);
    EXPECT_TRUE(loop.run_until([&] { return enough(*this); }, soon_ms));
  }

  bool take(const result<pdu>& answer, int wanted) {
    if (!answer) {
      failed = answer.why();
      return false;
    }
    IM::Message::IMClientTimeRsp body;
    answer->read(body);
    heard.push_back(body.server_time());
    return static_cast<int>(heard.size()) < wanted;
  }

  scripted_server server;
  event_loop loop;
  std::unique_ptr<session> line;
  std::vector<std::uint32_t> heard;
  std::optional<error> failed;
  int pushed = 0;
};

TEST(session, takes_as_many_answers_of_a_seq_as_are_wanted) {
  const auto four = [](std::uint16_t seq) {
    return time_answer(seq, 1) + time_answer(0, 9) + time_answer(seq, 2) + time_answer(seq, 3) + time_answer(seq, 4);
  };
  several all(four, 3, [](several& it) { return it.pushed == 2; });
  EXPECT_EQ(all.heard, (std::vector<std::uint32_t>{1, 2, 3})) << "the fourth is nobody's";
  EXPECT_FALSE(all.failed);
}

TEST(session, tells_whoever_waits_for_more_that_the_connection_ended) {
  std::string (*const cut)(std::uint16_t) = [](std::uint16_t seq) {
    return time_answer(seq, 1) + std::string(16, '\0');
  };
  several all(cut, 3, [](several& it) { return it.failed.has_value(); });
  EXPECT_EQ(all.heard, std::vector<std::uint32_t>{1});
  EXPECT_EQ(all.failed->what, failure::closed);
}

TEST(session, may_be_destroyed_by_who_waits_for_more) {
  scripted_server server(
      [](const pdu& next) { return time_answer(next.head.seq_num, 1) + time_answer(next.head.seq_num, 2); });
  event_loop loop;
  std::unique_ptr<session> line;
  int heard = 0;
  line = std::make_unique<session>(loop, session::handlers{[&](const identity&) {
                                                             line->request_all(cid::msg_time_request, ask_time, soon_ms,
                                                                               [&](result<pdu>) {
                                                                                 ++heard;
                                                                                 line.reset();
                                                                                 return true;
                                                                               });
                                                           },
                                                           [](const pdu&) {}, [](const error&) {}});
  line->start(server.where(), std::nullopt, soon_ms);
  EXPECT_TRUE(loop.run_until([&] { return !line; }, soon_ms));
  EXPECT_EQ(heard, 1);
}

}  // namespace
}  // namespace parley::client
