// The operator's verbs on single messages: messages show, remove, trace.
#include <parley/commands.hpp>

#include "Parley.Message.pb.h"
#include "message.hpp"
#include "verbs.hpp"

namespace message {
namespace {

using parley::json_array;
using parley::json_object;

constexpr std::uint32_t usually_shown = 50, most_shown = 100;
constexpr std::size_t most_readers = 1000;

struct shown_message {
  store::stored_message stored;
  std::string text;
  bool readable = false;
  store::recording audio;
};

std::string shown_json(const shown_message& one) {
  auto out = head_of(one.stored);
  if (one.stored.is_audio()) {
    out.add("type", "audio").add("seconds", one.audio.seconds).add("bytes", one.audio.bytes);
  } else if (one.readable) {
    out.add("type", "text").add("text", one.text);
  } else {
    out.add("type", "unreadable").add("content", one.stored.content);
  }
  return out.str();
}

void no_conversation(const parley::verb_call& call, const std::string& verb, const conversation_key& key) {
  call.fail(parley::status::no_target, verb + ": there is no conversation of " + name_of(key));
}

std::string text_of(bool value) {
  return value ? "true" : "false";
}

}  // namespace

parley::task<> messenger::on_show(parley::verb_call call) {
  const auto key = conversation_of(call, 0, 1, 2);
  const auto before = call[3].empty() ? highest_msg_id : parley::whole_number(call[3]);
  const auto limit = call[4].empty() ? usually_shown : parley::whole_number(call[4], most_shown);
  if (!key || before.value_or(0) == 0 || limit.value_or(0) == 0) {
    const char* why = !key ? which_conversation : "before is a message's number, limit a number from 1 to 100";
    co_return static_cast<void>(call.fail(status::malformed, std::string("messages show: ") + why));
  }
  bool found = false;
  auto shown = co_await main_.read([&](parley::sql& db) {
    std::vector<shown_message> all;
    const auto where = store::place_of(db, *key);
    found = where.has_value();
    if (!found) return all;
    for (auto& one : store::page_of(db, *where, before == highest_msg_id ? *before : *before - 1, *limit)) {
      shown_message& next = all.emplace_back();
      if (one.is_audio()) {
        next.audio = store::recording_of(db, one);
      } else if (auto text = codec_.decrypt(one.content)) {
        next.text = std::move(*text);
        next.readable = true;
      }
      next.stored = std::move(one);
    }
    return all;
  });
  if (!shown) co_return call.fail("messages show", shown.failure());
  if (!found) co_return no_conversation(call, "messages show", *key);
  const bool more = shown->size() == *limit && shown->back().stored.msg_id > 1;
  json_object out;
  add_conversation(out, *key);
  out.raw("items", json_array(*shown, shown_json));
  out.raw("next", more ? std::to_string(shown->back().stored.msg_id) : "null");
  call.answer(out.str());
}

/// Clients of level 1 take it off their screens; the others find it gone from history.
void messenger::tell_removed(const conversation_key& key, std::uint32_t msg_id,
                             const std::vector<std::uint64_t>& members) const {
  parley::message::IMMessageRemovedNotify notify;
  notify.set_session_type(static_cast<IM::BaseDefine::SessionType>(key.kind));
  notify.set_msg_id(msg_id);
  const auto tell = [&](const std::vector<std::uint64_t>& users, std::uint32_t session) {
    notify.set_session_id(session);
    sessions().push_users(users, parley::cid::messages_removed_notify, notify, {.min_level = 1});
  };
  if (key.kind == conversation_kind::group) return tell(members, key.b);
  tell({key.a}, key.b);
  tell({key.b}, key.a);
}

parley::task<> messenger::on_withdraw(parley::verb_call call) {
  const auto msg_id = parley::whole_number(call[0]);
  const auto key = conversation_of(call, 1, 2, 3);
  if (!key || msg_id.value_or(0) == 0) {
    const char* why = key ? "a message has a number" : which_conversation;
    co_return static_cast<void>(call.fail(status::malformed, std::string("messages remove: ") + why));
  }
  std::vector<std::uint64_t> members;
  const auto done = co_await main_.write([&, now = unix_s()](parley::sql& db) {
    const auto where = store::place_of(db, *key);
    const bool removed = where && store::withdraw(db, *where, *msg_id, now);
    if (removed && key->kind == conversation_kind::group) members = store::members_of(db, key->b);
    return removed;
  });
  if (!done) co_return call.fail("messages remove", done.failure());
  if (!*done) {
    co_return static_cast<void>(call.fail(
        status::no_target, "messages remove: there is no message " + call[0] + " of " + name_of(*key) + " to be seen"));
  }
  log().info("messages remove: the operator has removed message " + call[0] + " of " + name_of(*key));
  tell_removed(*key, *msg_id, members);
  json_object out;
  add_conversation(out, *key);
  call.answer(out.add("id", *msg_id).raw("removed", "true").str());
}

parley::task<> messenger::on_trace(parley::verb_call call) {
  const auto msg_id = parley::whole_number(call[0]);
  const auto key = conversation_of(call, 1, 2, 3);
  if (!key || msg_id.value_or(0) == 0) {
    const char* why = key ? "a message has a number" : which_conversation;
    co_return static_cast<void>(call.fail(status::malformed, std::string("messages trace: ") + why));
  }
  std::optional<store::message_state> state;
  std::vector<store::reader> readers;
  bool all_readers = true;
  const auto done = co_await main_.read([&](parley::sql& db) {
    const auto where = store::place_of(db, *key);
    if (where) state = store::state_of(db, *where, *msg_id);
    if (!state) return;
    std::vector<std::uint64_t> users{key->a, key->b};
    if (key->kind == conversation_kind::group) users = store::members_of(db, key->b);
    std::erase(users, std::uint64_t{state->author});
    all_readers = users.size() <= most_readers;
    if (!all_readers) users.resize(most_readers);
    readers = store::readers_of(db, *where, *msg_id, users);
  });
  if (!done) co_return call.fail("messages trace", done.failure());
  if (!state) {
    co_return static_cast<void>(
        call.fail(status::no_target, "messages trace: there is no message " + call[0] + " of " + name_of(*key)));
  }
  const auto story = ledger_.find({*key, *msg_id});
  json_object out;
  add_conversation(out, *key);
  out.add("id", *msg_id).add("sender", state->author).raw("removed", text_of(state->removed));
  out.raw("accepted", story ? std::to_string(story->accepted) : "null").add("committed", state->created);
  out.raw("remembered", text_of(story.has_value()));
  if (story) {
    out.add("recipients", story->recipients).raw("complete", text_of(story->complete));
    out.raw("pushed", json_array(story->deliveries, [](const auto& one) {
              json_object to;
              to.add("user", one.user).add("session", one.session).add("tag", one.tag).add("at", one.at);
              return to.raw("acked", one.acked ? std::to_string(one.acked) : "null").str();
            }));
  } else {
    out.raw("pushed", "[]");
  }
  out.raw("read", json_array(readers, [&](const store::reader& one) {
            json_object by;
            by.add("user", one.user);
            // A position further on says that it was read until then.
            return by.add(one.msg_id == *msg_id ? "at" : "until", one.at).str();
          }));
  call.answer(out.raw("all_readers", text_of(all_readers)).str());
}

}  // namespace message
