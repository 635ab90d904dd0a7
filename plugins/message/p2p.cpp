#include <parley/commands.hpp>
#include <parley/utf8.hpp>

#include "content.hpp"
#include "message.hpp"
#include "store.hpp"

namespace message {

/// Typing, shaking and the like: handed on, not stored, not answered.
parley::task<parley::status> messenger::on_p2p(parley::request request, IM::SwitchService::IMP2PCmdMsg message) {
  constexpr std::size_t most_bytes = 4 << 10;
  const std::string& data = message.cmd_msg_data();
  const auto user = request.user(), to = message.to_user_id();
  if (user == 0 || to == 0) co_return request.explain(status::no_target, "no such user");
  if (data.size() > most_bytes) co_return request.explain(status::too_large, "a command has at most 4 KiB");
  if (!parley::storable_characters(data))
    co_return request.explain(status::malformed, "the command is not valid UTF-8");
  if (to != user && !heard_.holds(user, to, now_ms())) {
    const auto answer = co_await main_.read([to, user](parley::sql& db) { return store::takes_from(db, to, user); });
    if (!answer) co_return answer.code();
    const auto verdict = store::admission_of(*answer);
    if (verdict != status::ok) co_return explain(request, conversation_kind::single, verdict);
    heard_.remember(user, to, now_ms());
  }

  IM::SwitchService::IMP2PCmdMsg command;
  command.set_from_user_id(user);
  command.set_to_user_id(to);
  command.set_cmd_msg_data(data);
  const parley::encoded encoded(command);
  const auto push = [&](std::uint32_t whom, parley_session_id except) {
    sessions().push_user(whom, parley::cid::switch_p2p_cmd, static_cast<parley_bytes>(encoded), {.except = except});
  };
  if (to != user) push(to, 0);
  push(user, request.session());
  co_return status::ok;
}

}  // namespace message
