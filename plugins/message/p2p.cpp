#include <parley/commands.hpp>

#include "content.hpp"
#include "message.hpp"

namespace message {

/// Typing, shaking and the like: handed on, not stored, not answered.
parley::status messenger::on_p2p(parley::request request, const IM::SwitchService::IMP2PCmdMsg& message) {
  constexpr std::size_t most_bytes = 4 << 10;
  const std::string& data = message.cmd_msg_data();
  if (request.user() == 0 || message.to_user_id() == 0) return request.explain(status::no_target, "no such user");
  if (data.size() > most_bytes) return request.explain(status::too_large, "a command has at most 4 KiB");
  if (count_characters(data) == std::string_view::npos)
    return request.explain(status::malformed, "the command is not valid UTF-8");

  IM::SwitchService::IMP2PCmdMsg command;
  command.set_from_user_id(request.user());
  command.set_to_user_id(message.to_user_id());
  command.set_cmd_msg_data(data);
  const parley::encoded encoded(command);
  const auto push = [&](std::uint32_t user, parley_session_id except) {
    sessions().push_user(user, parley::cid::switch_p2p_cmd, static_cast<parley_bytes>(encoded), {.except = except});
  };
  if (message.to_user_id() != request.user()) push(message.to_user_id(), 0);
  push(request.user(), request.session());
  return status::ok;
}

}  // namespace message
