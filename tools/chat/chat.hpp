#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "IM.Buddy.pb.h"
#include "IM.File.pb.h"
#include "IM.Group.pb.h"
#include "IM.Message.pb.h"
#include "Parley.Files.pb.h"
#include "Parley.Friends.pb.h"
#include "Parley.Group.pb.h"
#include "chat/conversation.hpp"
#include "chat/directory.hpp"
#include "chat/file_table.hpp"
#include "chat/friend_book.hpp"
#include "chat/link.hpp"
#include "chat/options.hpp"
#include "chat/outbox.hpp"
#include "chat/phrases.hpp"
#include "chat/picture_shelf.hpp"
#include "chat/terminal.hpp"
#include "chat/view.hpp"
#include "chat/words.hpp"
#include "client/content.hpp"
#include "client/http_job.hpp"
#include "client/printable.hpp"
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
  void quit();
  void pump();
  bool ready_for_a_line() const;
  bool settled() const;
  void refresh_prompt();
  std::string complete(const std::string& text) const;

  // catch_up.cpp: after a login
  void ask_unread_at_login();
  void welcome();
  void pull_missed(peer who, std::uint32_t above);
  void pull_page(peer who, std::uint32_t above, std::uint32_t begin, std::vector<IM::BaseDefine::MsgInfo> newer);
  /// "unread: bob 2, #team 1" without `but`; empty when there is nothing to say.
  std::string unread_line(const IM::Message::IMUnreadMsgCntRsp& counts, std::optional<peer> but) const;

  /// A command that is typed. Its function returns false when it is not used as it should be.
  struct command {
    std::string_view name;  ///< up to three words: "/group add"
    std::string_view arguments;
    std::string_view about;
    bool (chat::*run)(words&);
    std::uint32_t level = 0;  ///< the extension level it needs
  };
  struct family {
    std::string_view title;
    std::span<const command> commands;
  };

  // command_table.cpp, commands.cpp: what is typed
  static std::span<const family> families();
  void obey(const std::string& line);
  void help_on(std::string_view name);
  bool help(words& given);
  bool resend(words& given);
  bool wait(words& given);
  bool leave_chat(words& given);

  // conversations.cpp
  bool to(words& given);
  bool history(words& given);
  bool unread(words& given);
  bool recent(words& given);
  void open(peer with);
  void close_if_open(peer with);
  void show_history(peer with, std::uint32_t count);

  // people.cpp: who is there, and what a typed name means
  void ask_people(std::function<void()> then);
  void more_people(const IM::Buddy::IMAllUserRsp& answer);
  void ask_presence(std::function<void()> then);
  /// `then` when those that are not known yet have been asked for.
  void with_profiles(const std::vector<std::uint32_t>& user_ids, std::function<void()> then);
  /// `then` gets the users of these names; when one is nobody's, or several people's, that is told instead.
  void with_people(std::vector<std::string> names, std::function<void(std::vector<std::uint32_t>)> then);
  void with_person(const std::string& name, std::function<void(std::uint32_t)> then);
  std::optional<peer> the_one(const std::string& typed);
  bool who(words& given);
  void show_people();

  // presence.cpp
  bool away(words& given);
  bool back(words& given);
  void set_status(IM::BaseDefine::UserStatType status, bool tell);
  void presence_news(const IM::Buddy::IMUserStatNotify& notice);
  void take_status(const IM::BaseDefine::UserStat& each);

  // groups.cpp
  void ask_groups(std::function<void()> then);
  void ask_my_groups(std::uint32_t after, std::vector<std::uint32_t> gone, std::function<void()> then);
  void ask_normal_groups(std::function<void()> then);
  void with_group_infos(const std::vector<std::uint32_t>& group_ids, std::function<void()> then);
  /// `then` gets the group that is typed, or the open one when nothing is.
  void with_group(const std::string& typed, std::function<void(std::uint32_t)> then);
  bool groups(words& given);
  bool members(words& given);
  bool group_new(words& given);

  // group_changes.cpp
  bool group_add(words& given);
  bool group_remove(words& given);
  bool group_leave(words& given);
  bool group_rename(words& given);
  bool group_owner(words& given);
  bool group_dissolve(words& given);
  bool mute(words& given);
  bool unmute(words& given);
  bool change_members(words& given, IM::BaseDefine::GroupModifyType how);
  void tell_left_out(const std::vector<std::uint32_t>& wanted, const std::vector<std::uint32_t>& there);
  void set_shield(const std::string& typed, bool muted);

  // group_news.cpp: what others do to groups
  void members_changed(const IM::Group::IMGroupChangeMemberNotify& notice);
  void profile_changed(const parley::group::ProfileNotify& notice);
  void owner_changed(const parley::group::OwnerNotify& notice);
  void dissolved(const parley::group::DissolvedNotify& notice);
  void tell_members_changed(std::uint32_t actor, bool added, std::uint32_t group_id,
                            const std::vector<std::uint32_t>& changed);
  void no_member_any_more(std::uint32_t group_id);

  // invitations.cpp
  void ask_invitations(std::function<void()> then);
  void invited(const parley::group::InvitationNotify& notice);
  void tell_invitation(const parley::group::Invitation& what);
  bool group_invite(words& given);
  bool invitations(words& given);
  bool accept(words& given);
  bool decline(words& given);
  void answer_invitation(const std::string& typed, bool yes);

  // friends.cpp
  void refresh_friends(bool tell, std::function<void()> then = {});
  void ask_friend_requests(std::function<void()> then);
  bool show_friends(words& given);
  bool friend_add(words& given);
  bool friend_accept(words& given);
  bool friend_refuse(words& given);
  bool friend_remove(words& given);
  bool friend_remark(words& given);
  bool answer_friend(words& given, bool yes);
  void show_grouping(std::uint32_t grouping_id);

  // groupings.cpp: friends in groups, which only the person sees
  bool grouping_list(words& given);
  bool grouping_new(words& given);
  bool grouping_rename(words& given);
  bool grouping_delete(words& given);
  bool grouping_move(words& given);
  bool grouping_order(words& given);
  void with_grouping(const std::string& typed, std::function<void(std::uint32_t)> then);
  void change_groupings(std::uint16_t command_id, const google::protobuf::MessageLite& request, const char* what,
                        std::string done);

  // friend_news.cpp
  void friend_asked(const friends::IMFriendAskedNotify& notice);
  void friend_answered(const friends::IMFriendAnsweredNotify& notice);
  void friends_changed(const friends::IMFriendChangedNotify& notice);
  void tell_friend_request(const friends::IMPendingFriend& from);

  // blocks.cpp
  bool block(words& given);
  bool unblock(words& given);
  bool blocks(words& given);
  void tell_blocked(std::uint32_t user_id, bool blocked);

  // file_sending.cpp
  bool send_file(words& given);
  bool drop_file(words& given);
  bool offer_file(const std::string& path, IM::BaseDefine::TransferFileType how);
  void ask_for_task(shared_file& file);
  void task_given(unsigned number, const client::result<client::pdu>& answer);
  void offer_files_again();
  void sent(const shared_file& file);
  void tell_uploaded(const IM::File::IMFileAddOfflineReq& what);
  void tell_fetched(const IM::File::IMFileDelOfflineReq& what);
  static std::string path_typed(words& given);

  // file_fetching.cpp
  void file_offered(const IM::File::IMFileNotify& notice);
  unsigned file_waits(shared_file file);
  void tell_file_offer(const shared_file& file);
  void ask_waiting_files(std::function<void()> then);
  bool show_files(words& given);
  bool fetch_file(words& given);
  void fetch(unsigned number, const std::string& typed);
  void fetched(const shared_file& file);
  void forget_on_server(const shared_file& file);
  bool refuse_file(words& given);
  bool cancel_file(words& given);
  static unsigned take_number(words& given);
  std::string path_for(const std::string& typed, const std::string& name) const;

  // file_deliveries.cpp: files on their way, both ways
  std::vector<client::endpoint> file_servers(
      const google::protobuf::RepeatedPtrField<IM::BaseDefine::IpAddr>& told) const;
  void start_delivery(shared_file& file, client::file_role role, std::optional<client::file_state> stop = {});
  void stop_delivery(shared_file& file, client::file_state how);
  void delivery_ended(unsigned number, client::file_delivery::end how, const std::string& text);
  /// Told, and for a script its exit code.
  void file_trouble(const std::string& what);
  void tell_progress();
  std::string progress_line();

  // pictures.cpp
  bool send_picture(words& given);
  void leave_given(const std::shared_ptr<client::sent_file>& file, peer to, const client::result<client::pdu>& answer);
  void upload_picture(const std::shared_ptr<client::sent_file>& file, peer to, const std::string& url,
                      const std::string& leave);
  bool save_picture(words& given);

  // sending.cpp
  void say(const std::string& text);
  void say_to(peer to, const std::string& text);
  void transmit(outbox::item& item);
  void send_unsent(bool may_repeat);
  void answered(const std::string& client_msg_id, const client::result<client::pdu>& answer);
  void refused(outbox::item& item, const client::error& why);
  void acknowledge(outbox::item& item, std::uint32_t msg_id, bool duplicate);
  void send_again();

  // inbound.cpp: what arrives
  void pushed(const client::pdu& next);
  void message(const IM::Message::IMMsgData& data);
  void late_ack(const IM::Message::IMMsgDataAck& ack);
  void show(peer who, const IM::BaseDefine::MsgInfo& each);
  void read_up_to(peer who, std::uint32_t msg_id);
  std::string place(peer who) const;
  std::string readable(std::uint32_t msg_type, std::string_view msg_data);

  /// Sends a request; `then` gets the parsed answer. Anything else is reported as trouble with `what`.
  template <class Answer>
  void ask(std::uint16_t command_id, const google::protobuf::MessageLite& request, const char* what,
           std::function<void(const Answer&)> then);
  /// As ask(), when the answer may be several PDUs: `then` returns true while another one follows.
  template <class Answer>
  void ask_all(std::uint16_t command_id, const google::protobuf::MessageLite& request, const char* what,
               std::function<bool(const Answer&)> then);
  void asked(const char* what, const client::result<client::pdu>& answer, bool parsed);
  /// True when the answer's result_code is 0; else why not is told.
  template <class Answer>
  bool granted(const Answer& answer, const char* what);

  client::event_loop& loop_;
  terminal terminal_;
  view view_;
  link link_;
  client::content_codec codec_;
  client::timer pause_;
  client::timer retry_;
  client::timer leave_limit_;
  client::timer progress_;
  client::identity me_;
  directory directory_;
  phrases phrases_{directory_, me_.user_id};
  friend_book friends_;
  std::vector<parley::group::Invitation> invitations_;
  std::vector<parley::group::Invitation> invitations_met_;  ///< before this login: only news is told
  std::vector<friends::IMPendingFriend> friend_requests_;   ///< that wait for an answer of mine
  std::vector<friends::IMPendingFriend> requests_met_;
  std::vector<friends::IMPendingFriend> asked_friends_;  ///< for one of theirs
  outbox outbox_;
  file_table files_;
  std::string files_directory_;
  std::vector<IM::File::IMFileAddOfflineReq> uploads_to_tell_;  ///< when there is a connection again
  std::vector<IM::File::IMFileDelOfflineReq> fetched_to_tell_;
  std::string media_url_;
  picture_shelf pictures_;
  std::map<unsigned, std::unique_ptr<client::http_job>> jobs_;
  unsigned newest_job_ = 0;
  std::map<peer, conversation> conversations_;
  std::optional<peer> open_;
  std::deque<std::string> lines_;
  std::optional<IM::Message::IMUnreadMsgCntRsp> unread_at_login_;
  std::uint32_t people_time_ = 0;  ///< latest_update_time of the people known
  int asking_ = 0;
  bool away_ = false;
  bool again_ = false;
  bool welcoming_ = false;
  bool welcomed_ = false;  ///< once: the first login is complete
  bool pausing_ = false;
  bool leaving_ = false;
  bool waiting_for_files_ = false;
  std::uint64_t leaving_since_ms_ = 0;
  int result_ = exit_fine;
};

template <class Answer>
void chat::ask(std::uint16_t command_id, const google::protobuf::MessageLite& request, const char* what,
               std::function<void(const Answer&)> then) {
  ask_all<Answer>(command_id, request, what, [then = std::move(then)](const Answer& answer) {
    then(answer);
    return false;
  });
}

template <class Answer>
void chat::ask_all(std::uint16_t command_id, const google::protobuf::MessageLite& request, const char* what,
                   std::function<bool(const Answer&)> then) {
  constexpr std::uint64_t patience_ms = 6000;
  if (!link_.online()) return view_.trouble("not connected");
  ++asking_;
  link_.session().request_all(command_id, request, patience_ms,
                              [this, what, then = std::move(then)](const client::result<client::pdu>& answer) {
                                Answer body;
                                const bool parsed = answer && answer->read(body);
                                if (parsed && then(body)) return true;
                                --asking_;
                                asked(what, answer, parsed);
                                return false;
                              });
}

template <class Answer>
bool chat::granted(const Answer& answer, const char* what) {
  if (answer.result_code() == 0) return true;
  const std::string why = answer.refused_text().empty() ? std::string(client::reason_of_refusal(answer.refused_code()))
                                                        : client::printable(answer.refused_text());
  view_.trouble(std::string(what) + ": " + why);
  return false;
}

}  // namespace parley::chat
