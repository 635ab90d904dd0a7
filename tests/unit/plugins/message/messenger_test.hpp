// A host with a few users who write to each other.
#pragma once

#include <gtest/gtest.h>

#include <parley/commands.hpp>

#include <string>
#include <vector>

#include "IM.Buddy.pb.h"
#include "IM.Message.pb.h"
#include "IM.SwitchService.pb.h"
#include "small_host.hpp"

namespace message_test {

namespace cid = parley::cid;
using namespace IM::Message;
using namespace IM::Buddy;
using namespace IM::BaseDefine;

inline const user anna{1, 101};
inline const user ben{2, 102};
inline const user carl{3, 103};
inline const user anna_1{1, 111, 1};  // anna at a terminal of extension level 1
inline const user ben_1{2, 112, 1};

class messenger_test : public testing::Test {
 protected:
  messenger_test() {
    host.db().run("INSERT INTO IMUser(id, name) VALUES (1,'anna'),(2,'ben'),(3,'carl'),(4,'dora')");
    host.db().run("INSERT INTO IMUser(id, name, status) VALUES (9,'gone',3)");
  }

  static IMMsgData text(std::uint32_t to, const std::string& content, const std::string& client_id = "") {
    IMMsgData message;
    message.set_from_user_id(77);  // not to be believed
    message.set_to_session_id(to);
    message.set_msg_id(0);
    message.set_create_time(5);
    message.set_msg_type(MSG_TYPE_SINGLE_TEXT);
    message.set_msg_data(content);
    if (!client_id.empty()) message.set_client_msg_id(client_id);
    return message;
  }
  static IMMsgData audio(std::uint32_t to, const std::string& recording) {
    auto message = text(to, std::string("\0\0\0\x07", 4) + recording);
    message.set_msg_type(MSG_TYPE_SINGLE_AUDIO);
    return message;
  }

  std::size_t start(const user& from, const IMMsgData& message) { return host.start(from, cid::msg_data, message); }
  /// Sends and returns the number it was given.
  std::uint32_t send(const user& from, const IMMsgData& message) {
    EXPECT_EQ(host.serve(from, cid::msg_data, message), PARLEY_OK) << host.explanation();
    return host.answer<IMMsgDataAck>().msg_id();
  }
  IMMsgDataAck ack(std::size_t number) {
    IMMsgDataAck message;
    EXPECT_EQ(host.replies(number).size(), 1u);
    message.ParseFromString(host.replies(number).at(0).body);
    return message;
  }

  std::vector<MsgInfo> history(const user& who, std::uint32_t peer, std::uint32_t begin = 0,
                               std::uint32_t count = 100) {
    IMGetMsgListReq request;
    request.set_user_id(0);
    request.set_session_type(SESSION_TYPE_SINGLE);
    request.set_session_id(peer);
    request.set_msg_id_begin(begin);
    request.set_msg_cnt(count);
    EXPECT_EQ(host.serve(who, cid::msg_list_request, request), PARLEY_OK);
    const auto list = host.answer<IMGetMsgListRsp>().msg_list();
    return {list.begin(), list.end()};
  }
  IMUnreadMsgCntRsp unread(const user& who) {
    IMUnreadMsgCntReq request;
    request.set_user_id(0);
    EXPECT_EQ(host.serve(who, cid::msg_unread_cnt_request, request), PARLEY_OK);
    return host.answer<IMUnreadMsgCntRsp>();
  }
  parley_status read(const user& who, std::uint32_t peer, std::uint32_t msg_id) {
    IMMsgDataReadAck message;
    message.set_user_id(77);
    message.set_session_id(peer);
    message.set_msg_id(msg_id);
    message.set_session_type(SESSION_TYPE_SINGLE);
    return host.serve(who, cid::msg_read_ack, message);
  }
  std::vector<ContactSessionInfo> recent(const user& who, std::uint32_t since = 0) {
    IMRecentContactSessionReq request;
    request.set_user_id(0);
    request.set_latest_update_time(since);
    EXPECT_EQ(host.serve(who, cid::buddy_list_recent_contact_session_request, request), PARLEY_OK);
    const auto list = host.answer<IMRecentContactSessionRsp>().contact_session_list();
    return {list.begin(), list.end()};
  }
  std::uint32_t remove(const user& who, std::uint32_t peer) {
    IMRemoveSessionReq request;
    request.set_user_id(0);
    request.set_session_type(SESSION_TYPE_SINGLE);
    request.set_session_id(peer);
    host.serve(who, cid::buddy_list_remove_session_req, request);
    return host.answer<IMRemoveSessionRsp>().result_code();
  }
  std::string count(const std::string& table) { return host.db().run("SELECT COUNT(*) FROM " + table); }

  small_host host;
};

template <class Message>
Message parsed(const std::string& body) {
  Message message;
  message.ParseFromString(body);
  return message;
}

}  // namespace message_test
