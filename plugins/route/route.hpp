// Presence: who is online, and who is told of it.
#pragma once

#include <parley/background.hpp>
#include <parley/metrics.hpp>
#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/timer.hpp>
#include <parley/verb.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "IM.Buddy.pb.h"
#include "Parley.Presence.pb.h"
#include "events/session.pb.h"
#include "events/user.pb.h"
#include "ledger.hpp"
#include "store.hpp"

namespace route {

/// The event route.serving, which a generation publishes when it hands over: whoever hears it serves. It has no fields.
struct serving {
  bool ParsePartialFromArray(const void*, int) { return true; }
  bool IsInitialized() const { return true; }
};

class route_plugin final : public parley::plugin {
 public:
  using status = parley::status;

  explicit route_plugin(const parley::context& ctx);
  std::string save_state() override;
  status restore_state(std::uint32_t version, std::string_view state) override;

  // status.cpp
  status on_users_status(parley::request request, const IM::Buddy::IMUsersStatReq& message);
  status on_set(parley::request request, const parley::presence::IMPresenceSetReq& message);

  // events.cpp
  void on_opened(const parley::events::SessionOpened& event);
  void on_closed(const parley::events::SessionClosed& event);
  void on_terminal_status(const parley::events::TerminalStatus& event);
  void on_user_changed(const parley::events::UserChanged& event);
  void on_serving(const serving&);

  // verbs.cpp
  parley::task<> on_show(parley::verb_call call);

 private:
  // status.cpp
  seen look(std::uint64_t user) const;
  bool set_away(std::uint64_t user, parley_session_id session, bool away);

  // events.cpp
  void touched(std::uint32_t user);
  void follow(std::uint32_t user);
  void come_back();
  void tell_mobiles();

  // round.cpp
  parley::task<> round();
  void take_back(const parley::error& why);
  bool everybody_sees_everybody() const;
  std::vector<std::uint64_t> everyone() const;
  void tell(const std::vector<news>& all, const store::relations& known, const std::vector<std::uint64_t>& everyone);
  void tell_status(const std::vector<news>& all, const std::vector<std::vector<std::uint64_t>>& audiences);
  void later();
  void turn();

  parley::sql_pool main_;
  const std::size_t everyone_below_;
  parley::counter changes_, rounds_, failed_rounds_;

  std::unordered_set<parley_session_id> away_;  // of those that are open
  ledger ledger_;
  std::unordered_set<std::uint32_t> pc_touched_;                      // this turn
  std::vector<std::pair<parley_session_id, std::uint32_t>> mobiles_;  // logged in this turn
  std::vector<news> in_flight_;                                       // the round's
  bool round_running_ = false;
  bool resting_ = false;  // after a look-up that failed
  std::optional<parley::timer> rest_;
  bool scheduled_ = false;
  bool handed_over_ = false;  // until an event shows that this one serves on
  std::uint64_t epoch_ = 0;   // of handing over: rounds begun before are void
  bool complained_ = false;
};

}  // namespace route
