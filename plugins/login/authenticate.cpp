// Login (0x0103).
#include <parley/commands.hpp>

#include <algorithm>

#include "decode_login.hpp"
#include "login.hpp"
#include "terminal_slot.hpp"

namespace login {
namespace {

constexpr std::uint32_t highest_level = 1;  // proto/README.md 5
constexpr std::uint64_t overdue_every_ms = 200;
constexpr std::uint64_t answer_ms = 500;  // kept of the timeout for the answer itself

/// What a client is told. The texts are TeamTalk's: clients show them.
struct answer {
  IM::BaseDefine::ResultType code;
  const char* text;
};

constexpr answer answer_of(outcome result) {
  switch (result) {
    case outcome::accepted:
      return {IM::BaseDefine::REFUSE_REASON_NONE, "成功"};
    case outcome::wrong:
      return {IM::BaseDefine::REFUSE_REASON_DB_VALIDATE_FAILED, "用户名/密码错误"};
    case outcome::throttled:
      return {IM::BaseDefine::REFUSE_REASON_DB_VALIDATE_FAILED, "用户名/密码错误次数太多"};
    case outcome::busy:
      return {IM::BaseDefine::REFUSE_REASON_MSG_SERVER_FULL, "负载过高"};
    case outcome::away:
      return {IM::BaseDefine::REFUSE_REASON_NO_DB_SERVER, "服务端异常"};
    case outcome::broken:
      break;
  }
  return {IM::BaseDefine::REFUSE_REASON_NO_DB_SERVER, "服务端内部错误"};
}

void put_profile(IM::BaseDefine::UserInfo& out, const store::account& user) {
  out.set_user_id(user.id);
  out.set_user_gender(user.sex);
  out.set_user_nick_name(user.nick);
  out.set_avatar_url(user.avatar);
  out.set_department_id(user.department);
  out.set_email(user.email);
  out.set_user_real_name(user.name);
  out.set_user_tel(user.phone);
  out.set_user_domain(user.domain);
  out.set_status(0);
  out.set_sign_info(user.sign);
}

/// The session is closed behind it.
void refuse(const parley::request& request, const parley::sessions& sessions, outcome result, std::uint32_t now) {
  const auto [code, text] = answer_of(result);
  IM::Login::IMLoginRes reply;
  reply.set_server_time(now);
  reply.set_result_code(code);
  reply.set_result_string(text);
  request.reply(parley::cid::login_res_userlogin, reply);
  sessions.close(request.session(), result == outcome::busy ? "login_busy" : "login_failed");
}

}  // namespace

parley::task<parley::status> login_plugin::on_login(parley::request request, std::string body) {
  if (request.is_call() || request.user() != 0) co_return parley::status::not_allowed;
  if (pending_.contains(request.session())) co_return parley::status::ok;
  IM::Login::IMLoginReq message;
  if (!decode_login(message, body)) co_return parley::status::malformed;

  const std::uint64_t deadline = now_ms() + login_timeout_ms_ - answer_ms;
  pending_.emplace(request.session(), pending{request, deadline});
  if (!overdue_) overdue_.emplace(host_edge(), overdue_every_ms, overdue_every_ms, [this] { answer_overdue(); });
  const std::string address(request.peer());
  attempt given{message.user_name(), message.password(), address, deadline};
  const verdict checked = co_await verifier_.check(std::move(given));
  const bool answered = pending_.erase(request.session()) == 0;
  if (pending_.empty()) overdue_.reset();
  if (answered) co_return parley::status::ok;

  outcomes_[static_cast<std::size_t>(checked.result)].add();
  if (checked.result != outcome::accepted) {
    refuse(request, sessions(), checked.result, unix_s());
    co_return parley::status::ok;
  }
  if (checked.warm) warm_logins_.add();
  enter(request, message, checked.user, address);
  const bool moved = co_await verifier_.modernise(checked.user, message.password());
  if (moved) tell_changed(checked.user.id, user_change::credential);
  co_return parley::status::ok;
}

void login_plugin::enter(const parley::request& request, const IM::Login::IMLoginReq& message,
                         const store::account& user, const std::string& address) {
  const auto type = static_cast<std::uint32_t>(message.client_type());
  const std::uint32_t level = std::min(message.extension_level(), highest_level);
  const auto entered = sessions().authenticate(request.session(), user.id, type, level);
  if (entered == parley::status::closed || entered == parley::status::conflict) return;
  if (entered != parley::status::ok) return refuse(request, sessions(), outcome::broken, unix_s());
  sessions().set_slot(request.session(), terminal_slot_version, saved({unix_s(), request.over_websocket(), address}));
  tell_status(request, user.id, type, message.online_status());

  const auto [code, text] = answer_of(outcome::accepted);
  IM::Login::IMLoginRes reply;
  reply.set_server_time(unix_s());
  reply.set_result_code(code);
  reply.set_result_string(text);
  reply.set_online_status(message.online_status());
  put_profile(*reply.mutable_user_info(), user);
  if (level > 0) reply.set_extension_level(level);
  request.reply(parley::cid::login_res_userlogin, reply);
  end_terminals(user.id, class_of(type), IM::BaseDefine::KICK_REASON_DUPLICATE_USER, request.session());
}

void login_plugin::answer_overdue() {
  const auto now = now_ms();
  std::erase_if(pending_, [&](const auto& entry) {
    const auto& [session, waiting] = entry;
    if (now < waiting.deadline_ms) return false;
    outcomes_[static_cast<std::size_t>(outcome::busy)].add();
    refuse(waiting.request, sessions(), outcome::busy, unix_s());
    return true;
  });
}

}  // namespace login
