#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "IM.Buddy.pb.h"
#include "IM.Message.pb.h"
#include "chat/conversation.hpp"
#include "chat/directory.hpp"
#include "chat/link.hpp"
#include "chat/options.hpp"
#include "chat/outbox.hpp"
#include "chat/terminal.hpp"
#include "chat/view.hpp"
#include "client/content.hpp"
#include "client/timer.hpp"

namespace parley::chat {

/// One person's chat: what is typed becomes requests and messages, what arrives becomes lines. [thread of the loop]
class chat {
 public:
  chat(client::event_loop& loop, const options& chosen);

  /// Runs until the person leaves or it cannot go on. Returns an exit_code.
  int run();

 private:
  // chat.cpp: coming and going
  void up(const client::identity& me, bool again);
  void down(const std::string& reason, std::uint64_t retry_ms);
  void over(exit_code code, const std::string& reason);
  void typed(std::string line);
  void input_ended();
  void pump();
  bool ready_for_a_line() const;
  bool settled() const;
  void refresh_prompt();
  std::string complete(const std::string& text) const;

  // catch_up.cpp: after a login
  void ask_people();
  void ask_presence(std::function<void()> then);
  void ask_groups();
  void ask_group_names(const std::vector<std::uint32_t>& group_ids);
  void ask_unread_at_login();
  void welcome();
  void pull_missed(peer who, std::uint32_t above);
  void pull_page(peer who, std::uint32_t above, std::uint32_t begin, std::vector<IM::BaseDefine::MsgInfo> newer);
  /// "unread: bob 2, #team 1" without `but`; empty when there is nothing to say.
  std::string unread_line(const IM::Message::IMUnreadMsgCntRsp& counts, std::optional<peer> but) const;

  // commands.cpp: what is typed
  void obey(const std::string& line);
  void who();
  void show_people();
  void groups();
  void to(const std::string& name);
  void history(const std::string& count);
  void unread();
  void recent();
  void resend();
  void wait(const std::string& seconds);
  void quit();
  void show_history(peer with, std::uint32_t count);

  // sending.cpp
  void say(const std::string& text);
  void transmit(outbox::item& item);
  void send_unsent(bool may_repeat);
  void answered(const std::string& client_msg_id, const client::result<client::pdu>& answer);
  void refused(outbox::item& item, const client::error& why);
  void acknowledge(outbox::item& item, std::uint32_t msg_id, bool duplicate);

  // inbound.cpp: what arrives
  void pushed(const client::pdu& next);
  void message(const IM::Message::IMMsgData& data);
  void late_ack(const IM::Message::IMMsgDataAck& ack);
  void presence(const IM::Buddy::IMUserStatNotify& notice);
  void show(peer who, const IM::BaseDefine::MsgInfo& each);
  void read_up_to(peer who, std::uint32_t msg_id);
  std::string place(peer who) const;
  std::string author(std::uint32_t user_id) const;

  /// Sends a request; `then` gets the parsed answer. Anything else is reported as trouble with `what`.
  template <class Answer>
  void ask(std::uint16_t command_id, const google::protobuf::MessageLite& request, const char* what,
           std::function<void(const Answer&)> then);
  void asked(const char* what, const client::result<client::pdu>& answer, bool parsed);

  client::event_loop& loop_;
  terminal terminal_;
  view view_;
  link link_;
  client::content_codec codec_;
  client::timer pause_;
  client::timer retry_;
  client::timer leave_limit_;
  client::identity me_;
  directory directory_;
  outbox outbox_;
  std::map<peer, conversation> conversations_;
  std::optional<peer> open_;
  std::deque<std::string> lines_;
  std::optional<IM::Message::IMUnreadMsgCntRsp> unread_at_login_;
  int asking_ = 0;
  bool again_ = false;
  bool welcoming_ = false;
  bool welcomed_ = false;  ///< once: the first login is complete
  bool pausing_ = false;
  bool leaving_ = false;
  int result_ = exit_fine;
};

template <class Answer>
void chat::ask(std::uint16_t command_id, const google::protobuf::MessageLite& request, const char* what,
               std::function<void(const Answer&)> then) {
  constexpr std::uint64_t patience_ms = 6000;
  if (!link_.online()) return view_.trouble("not connected");
  ++asking_;
  link_.session().request(command_id, request, patience_ms,
                          [this, what, then = std::move(then)](const client::result<client::pdu>& answer) {
                            --asking_;
                            Answer body;
                            const bool parsed = answer && answer->read(body);
                            if (parsed) then(body);
                            asked(what, answer, parsed);
                          });
}

}  // namespace parley::chat
