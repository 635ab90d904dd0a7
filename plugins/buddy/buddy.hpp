// People: who there is, what they show of themselves, and who knows whom.
#pragma once

#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/timer.hpp>
#include <parley/verb.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "IM.Buddy.pb.h"
#include "Parley.Friends.pb.h"
#include "arrangement.hpp"
#include "events.hpp"
#include "friendship.hpp"
#include "news.hpp"
#include "store.hpp"

namespace buddy {

inline constexpr std::uint32_t state_version = 1;

class buddy_plugin final : public parley::plugin {
 public:
  using status = parley::status;
  using task = parley::task<status>;

  explicit buddy_plugin(const parley::context& ctx);

  // users.cpp, departments.cpp
  task on_users_info(parley::request request, IM::Buddy::IMUsersInfoReq message);
  task on_all_users(parley::request request, IM::Buddy::IMAllUserReq message);
  task on_departments(parley::request request, IM::Buddy::IMDepartmentReq message);

  // profile.cpp
  task on_signature(parley::request request, IM::Buddy::IMChangeSignInfoReq message);
  task on_avatar(parley::request request, IM::Buddy::IMChangeAvatarReq message);

  // ask.cpp
  task on_add(parley::request request, parley::friends::IMFriendAddReq message);
  task on_pending(parley::request request, parley::friends::IMFriendPendingReq message);
  task on_answer(parley::request request, parley::friends::IMFriendAnswerReq message);

  // friends.cpp
  task on_list(parley::request request, parley::friends::IMFriendListReq message);
  task on_delete(parley::request request, parley::friends::IMFriendDeleteReq message);
  task on_remark(parley::request request, parley::friends::IMFriendRemarkReq message);
  task on_move(parley::request request, parley::friends::IMFriendMoveReq message);

  // groupings.cpp
  task on_grouping_create(parley::request request, parley::friends::IMGroupingCreateReq message);
  task on_grouping_rename(parley::request request, parley::friends::IMGroupingRenameReq message);
  task on_grouping_delete(parley::request request, parley::friends::IMGroupingDeleteReq message);
  task on_grouping_order(parley::request request, parley::friends::IMGroupingOrderReq message);

  // blocks.cpp
  task on_block(parley::request request, parley::friends::IMBlockReq message);
  task on_unblock(parley::request request, parley::friends::IMUnblockReq message);
  task on_blocks(parley::request request, parley::friends::IMBlockListReq message);

  // news.cpp
  std::string save_state() override;
  status restore_state(std::uint32_t version, std::string_view state) override;
  void on_user_changed(const user_change& change);
  void on_department_changed(const department_change& change);

  // verbs.cpp
  parley::task<> on_friends_list(parley::verb_call call);
  parley::task<> on_blocks_list(parley::verb_call call);

 private:
  /// [worker]
  store::contact_details details_for(parley::sql& db, std::uint32_t viewer) const;
  /// Fine, or why two cannot be friends whoever they are.
  status fault_of(const parley::request& request, std::uint32_t peer) const;
  status answer_groupings(const parley::request& request, std::uint16_t command,
                          const parley::result<regrouped>& done) const;
  status answer_block(const parley::request& request, std::uint16_t command, std::uint32_t peer, bool is_blocked,
                      const parley::result<blocked>& done) const;
  /// To a user's terminals that can hear it, but for one.
  template <class Message>
  void tell(std::uint32_t user, std::uint16_t command, const Message& message, parley_session_id except = 0) const {
    sessions().push_user(user, command, message, {.min_level = 1, .except = except});
  }
  void tell_list_changed(std::uint32_t user, std::uint32_t revision, parley_session_id except = 0) const;
  /// To both sides of a friendship that began or ended.
  void announce_friends(two who) const;
  void publish_user_changed(const std::string& event) const;

  // news.cpp
  void tell_soon();
  void tell_news();

  parley::sql_pool main_;
  const limits most_;
  const bool details_for_friends_;
  directory_news news_;
  std::uint64_t owed_until_ms_ = 0;  // every notice owes a second
  bool waiting_ = false;
  std::optional<parley::timer> clock_;
};

}  // namespace buddy
