// What the verbs share.
#pragma once

#include <parley/json.hpp>
#include <parley/number.hpp>
#include <parley/verb.hpp>

#include <optional>
#include <string>

#include "codec.hpp"
#include "conversation.hpp"
#include "store_operate.hpp"

namespace message {

inline constexpr char which_conversation[] = "expected either --group ID or --user ID and --peer ID, ids as numbers";

/// By --user and --peer or by --group, at these places among the arguments.
inline std::optional<conversation_key> conversation_of(const parley::verb_call& call, std::size_t user,
                                                       std::size_t peer, std::size_t group) {
  const auto id = [&](std::size_t at) { return parley::whole_number(call[at]).value_or(0); };
  if (call.has(group)) {
    const bool alone = !call.has(user) && !call.has(peer) && id(group) != 0;
    return alone ? std::optional(conversation_key::group(id(group))) : std::nullopt;
  }
  const bool pair = id(user) != 0 && id(peer) != 0 && id(user) != id(peer);
  return pair ? std::optional(conversation_key::single(id(user), id(peer))) : std::nullopt;
}

inline std::string name_of(const conversation_key& key) {
  return key.kind == conversation_kind::group ? "group " + std::to_string(key.b)
                                              : "users " + std::to_string(key.a) + " and " + std::to_string(key.b);
}

/// The members that say where it was.
inline void add_conversation(parley::json_object& out, const conversation_key& key) {
  if (key.kind == conversation_kind::group) {
    out.add("kind", "group").add("group", key.b);
  } else {
    out.add("kind", "single").add("user", key.a).add("peer", key.b);
  }
}

inline parley::json_object head_of(const store::stored_message& one) {
  parley::json_object out;
  out.add("id", one.msg_id).add("author", one.author).add("created", one.created);
  return out;
}

}  // namespace message
