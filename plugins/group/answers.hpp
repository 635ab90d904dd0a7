// How requests end.
#pragma once

#include <parley/request.hpp>
#include <parley/status.hpp>

#include <string_view>
#include <utility>

#include "changes.hpp"

namespace group {

/// Only a call from inside the node acts for nobody.
inline actor actor_of(const parley::request& request) {
  return {request.user(), request.is_call() && request.user() == 0};
}

/// What a change came to, the pool's failures included.
inline outcome settled(parley::result<outcome> done) {
  if (done) return std::move(*done);
  outcome failed;
  failed.verdict = done.code();
  return failed;
}

inline parley::status refuse(const parley::request& request, parley::status code, std::string_view text) {
  return text.empty() ? code : request.explain(code, text);
}

/// A list of members that no PDU holds is left out: of a group that had more than max_members before.
template <class Message>
void fit(Message& message) {
  if (message.ByteSizeLong() > page_bytes) message.clear_cur_user_id_list();
}

/// Answers with result_code 1, and tells level 1 why.
template <class Reply>
parley::status fail(const parley::request& request, std::uint16_t command, Reply& reply, parley::status code,
                    std::string_view text) {
  reply.set_result_code(1);
  if (request.level() >= 1) {
    reply.set_refused_code(parley::refused_code(code));
    if (!text.empty()) reply.set_refused_text(text.data(), text.size());
  }
  request.reply(command, reply);
  return refuse(request, code, text);
}

}  // namespace group
