// Who is who: dispatch to a node, login, terminals, push settings, and the operator's verbs for users.
#pragma once

#include <parley/http.hpp>
#include <parley/metrics.hpp>
#include <parley/plugin.hpp>
#include <parley/timer.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "IM.Login.pb.h"
#include "IM.Message.pb.h"
#include "store_people.hpp"
#include "user_event.hpp"
#include "verifier.hpp"

namespace login {

/// client_type >> 4. A user has one session of each (proto/README.md 3).
enum class terminal_class : std::uint32_t { pc = 0, mobile = 1, web = 2 };
constexpr terminal_class class_of(std::uint32_t client_type) {
  return static_cast<terminal_class>(client_type >> 4);
}

class login_plugin final : public parley::plugin {
 public:
  explicit login_plugin(const parley::context& ctx);
  parley::status self_test() override;
  std::string save_state() override;
  parley::status restore_state(std::uint32_t version, std::string_view state) override;

  // dispatch.cpp
  parley::status on_dispatch_http(parley::http_request request);
  parley::status on_dispatch(parley::request request, const IM::Login::IMMsgServReq& message);
  parley::status on_time(parley::request request, const IM::Message::IMClientTimeReq& message);

  // authenticate.cpp
  parley::task<parley::status> on_login(parley::request request, std::string body);

  // terminals.cpp
  parley::task<parley::status> on_logout(parley::request request, IM::Login::IMLogoutReq message);
  void on_opened(const session_opened& event);
  parley::status on_kick_pc(parley::request request, const IM::Login::IMKickPCClientReq& message);

  // device.cpp
  parley::task<parley::status> on_device_token(parley::request request, IM::Login::IMDeviceTokenReq message);
  parley::task<parley::status> on_set_shield(parley::request request, IM::Login::IMPushShieldReq message);
  parley::task<parley::status> on_query_shield(parley::request request, IM::Login::IMQueryPushShieldReq message);

  // users.cpp
  parley::task<> on_users_add(parley::verb_call call);
  parley::task<> on_users_passwd(parley::verb_call call);
  parley::task<> on_users_disable(parley::verb_call call);
  parley::task<> on_users_enable(parley::verb_call call);
  parley::task<> on_users_list(parley::verb_call call);
  parley::task<> on_users_unlock(parley::verb_call call);

  // people.cpp
  parley::task<> on_users_show(parley::verb_call call);
  parley::task<> on_users_edit(parley::verb_call call);

  // departments.cpp
  parley::task<> on_departments_list(parley::verb_call call);
  parley::task<> on_departments_add(parley::verb_call call);
  parley::task<> on_departments_edit(parley::verb_call call);
  parley::task<> on_departments_remove(parley::verb_call call);

  // import.cpp
  parley::task<> on_users_import(parley::verb_call call);

 private:
  /// Being checked, and not answered yet.
  struct pending {
    parley::request request;
    std::uint64_t deadline_ms;
  };

  /// Answers every login that has waited its time, whatever it waits for.
  void answer_overdue();
  void enter(const parley::request& request, const IM::Login::IMLoginReq& message, const store::account& user,
             const std::string& address);

  /// Tells the user's terminals of a class (or all) to go, and closes them.
  void end_terminals(std::uint32_t user, std::optional<terminal_class> which, IM::BaseDefine::KickReasonType reason,
                     parley_session_id except = 0);
  void tell_changed(std::uint32_t user, user_change what);
  void tell_department(std::uint32_t department, department_change_kind what);
  void publish(const char* name, const std::string& event);

  // people.cpp
  parley::task<> list_page(parley::verb_call call);
  std::string described(const store::person& one) const;
  /// Of a terminal that came with another status than online.
  void tell_status(const parley::request& request, std::uint32_t user, std::uint32_t type,
                   IM::BaseDefine::UserStatType status);

  std::string msfs_;
  std::string discovery_;
  std::uint64_t login_timeout_ms_;
  std::size_t handover_;  // bytes of state
  verifier::settings settings_;
  parley::sql_pool main_;
  parley::worker_pool cpu_;
  verifier verifier_;
  std::array<parley::counter, outcomes> outcomes_;
  parley::counter warm_logins_;
  std::unordered_map<parley_session_id, pending> pending_;
  std::optional<parley::timer> overdue_;  // runs while somebody is pending
};

}  // namespace login
