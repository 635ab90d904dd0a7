#include "client/login.hpp"

#include "Parley.Host.pb.h"
#include "client/digest.hpp"

namespace parley::client {
namespace {

std::string_view reason_of(std::uint32_t result_code) {
  switch (result_code) {
    case IM::BaseDefine::REFUSE_REASON_NO_MSG_SERVER:
      return "no server is available";
    case IM::BaseDefine::REFUSE_REASON_MSG_SERVER_FULL:
      return "the server is busy";
    case IM::BaseDefine::REFUSE_REASON_NO_DB_SERVER:
      return "the server cannot reach its database";
    case IM::BaseDefine::REFUSE_REASON_DB_VALIDATE_FAILED:
      return "wrong name or password";
    case IM::BaseDefine::REFUSE_REASON_VERSION_TOO_OLD:
      return "this client is too old for the server";
    default:
      return "the server refused the login";
  }
}

}  // namespace

std::string_view reason_of_refusal(std::uint32_t code) {
  switch (code) {
    case host::REFUSAL_MALFORMED:
      return "malformed";
    case host::REFUSAL_NOT_ALLOWED:
      return "not allowed";
    case host::REFUSAL_TOO_LARGE:
      return "too large";
    case host::REFUSAL_TOO_FAST:
      return "too fast";
    case host::REFUSAL_BUSY:
      return "the server is busy";
    case host::REFUSAL_UNAVAILABLE:
      return "not available now";
    case host::REFUSAL_NO_SUCH_TARGET:
      return "no such user or group";
    case host::REFUSAL_UNKNOWN_COMMAND:
      return "the server does not know this command";
    case host::REFUSAL_POLICY:
      return "refused by policy";
    default:
      return "refused";
  }
}

IM::Login::IMLoginReq login_request(const credentials& who) {
  IM::Login::IMLoginReq request;
  request.set_user_name(who.user);
  request.set_password(md5_hex(who.password));
  request.set_online_status(IM::BaseDefine::USER_STATUS_ONLINE);
  request.set_client_type(who.client_type);
  request.set_client_version(who.client_version);
  if (who.extension_level > 0) request.set_extension_level(who.extension_level);
  return request;
}

result<identity> read_login(const pdu& answer) {
  IM::Login::IMLoginRes body;
  if (!answer.read(body)) return error{failure::malformed, "the login answer does not parse"};
  const auto code = static_cast<std::uint32_t>(body.result_code());
  if (code != 0) {
    const std::string text = body.result_string().empty() ? std::string(reason_of(code)) : body.result_string();
    return error{failure::refused, text, code};
  }
  identity me;
  me.user_id = body.user_info().user_id();
  me.name = body.user_info().user_real_name();
  me.nickname = body.user_info().user_nick_name();
  me.server_time = body.server_time();
  me.extension_level = body.extension_level();
  return me;
}

error read_refusal(const pdu& answer) {
  host::IMRefused body;
  if (!answer.read(body)) return {failure::refused, "refused"};
  const std::string text = body.text().empty() ? std::string(reason_of_refusal(body.code())) : body.text();
  return {failure::refused, text, body.code(), body.retry_after_ms()};
}

std::string read_kick(const pdu& notice) {
  IM::Login::IMKickUser body;
  if (notice.read(body) && body.kick_reason() == IM::BaseDefine::KICK_REASON_MOBILE_KICK) {
    return "your phone signed this terminal out";
  }
  return "you logged in from another terminal of the same kind";
}

}  // namespace parley::client
