// Push settings: device token (0x0108), nightly shield (0x010C, 0x010E).
#include <parley/commands.hpp>

#include "login.hpp"
#include "text.hpp"

namespace login {
namespace {

constexpr std::size_t longest_token = 256;

}  // namespace

/// An empty token clears it. 0x0109 has no result code: a failure is silence to a TeamTalk client.
parley::task<parley::status> login_plugin::on_device_token(parley::request request,
                                                           IM::Login::IMDeviceTokenReq message) {
  if (class_of(request.tag()) != terminal_class::mobile) co_return parley::status::not_allowed;
  const std::string& token = message.device_token();
  if (!storable(token, longest_token)) {
    co_return request.explain(parley::status::malformed, "a device token is UTF-8 of at most 256 characters");
  }
  const auto now = unix_s();
  const auto stored = co_await main_.write([&, now](parley::sql& db) {
    if (token.empty()) return store::clear_device_token(db, request.user());
    store::set_device_token(db, request.user(), request.tag(), token, now);
  });
  if (!stored) co_return stored.code();
  IM::Login::IMDeviceTokenRsp reply;
  reply.set_user_id(request.user());
  co_return request.reply(parley::cid::login_res_devicetoken, reply);
}

parley::task<parley::status> login_plugin::on_set_shield(parley::request request, IM::Login::IMPushShieldReq message) {
  const std::uint32_t shield = message.shield_status();
  bool done = false;
  if (shield <= 1) {
    const auto now = unix_s();
    const auto stored =
        co_await main_.write([&, now](parley::sql& db) { return store::set_shield(db, request.user(), shield, now); });
    done = stored && *stored;
  }
  IM::Login::IMPushShieldRsp reply;
  reply.set_user_id(request.user());
  reply.set_result_code(done ? 0 : 1);
  if (done) reply.set_shield_status(shield);
  const auto sent = request.reply(parley::cid::login_res_push_shield, reply);
  if (done) tell_changed(request.user(), user_change::shield);
  co_return sent;
}

parley::task<parley::status> login_plugin::on_query_shield(parley::request request, IM::Login::IMQueryPushShieldReq) {
  const auto found = co_await main_.read([user = request.user()](parley::sql& db) { return store::shield(db, user); });
  IM::Login::IMQueryPushShieldRsp reply;
  reply.set_user_id(request.user());
  const bool done = found && *found;
  reply.set_result_code(done ? 0 : 1);
  if (done) reply.set_shield_status(**found);
  co_return request.reply(parley::cid::login_res_query_push_shield, reply);
}

}  // namespace login
