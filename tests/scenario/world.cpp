#include "scenario/world.hpp"

#include <parley/commands.hpp>

#include "scenario/values.hpp"

namespace parley::scenario {
namespace {

using test::failure;
using test::milliseconds;

constexpr std::uint16_t heartbeat_seq = 0xBEA7;

/// What comes to people unasked: who comes and goes, and how others look. A step may ask for it, nobody else is
/// surprised by it.
enum class news { none, presence, profile };

news news_in(std::uint16_t command) {
  switch (command) {
    case cid::buddy_list_status_notify:
    case cid::buddy_list_pc_login_status_notify:
      return news::presence;
    case cid::buddy_list_sign_info_changed_notify:
    case cid::buddy_list_avatar_changed_notify:
      return news::profile;
    default:
      return news::none;
  }
}

bool is_news(const test::wire_pdu& pdu, news wanted = news::none) {
  const auto kind = pdu.seq == 0 ? news_in(pdu.command) : news::none;
  return kind != news::none && kind != wanted;
}

}  // namespace

void world::set(const std::string& name, const std::string& value) {
  if (server_) throw failure("the server already runs");
  settings_[name] = value;
}

test::server& world::server() {
  if (!server_) {
    test::server::options what;
    what.environment = settings_;
    server_ = std::make_unique<test::server>(what);
  }
  return *server_;
}

void world::add_user(const std::string& name) {
  ids_[name] = server().add_user(name);
}

void world::restart(bool kill) {
  actors_.clear();
  if (kill) {
    server().kill9();
  } else if (const auto end = server().terminate(); end.code != 0) {
    throw failure("the server ended with " + std::to_string(end.code));
  }
  server().start();
}

actor& world::connect(const std::string& name) {
  actor fresh;
  fresh.user = name.substr(0, name.find('/'));
  fresh.wire.connect(server().pdu_port());
  return actors_[name] = std::move(fresh);
}

actor& world::at(const std::string& name) {
  const auto found = actors_.find(name);
  if (found == actors_.end()) throw failure(name + " is not connected");
  return found->second;
}

std::uint16_t world::start_login(const std::string& name, const std::string& client, const std::string& level,
                                 const std::string& password) {
  auto& who = connect(name);
  std::string kind = "CLIENT_TYPE_";
  for (const char c : client) kind.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  const std::uint16_t seq = 1;
  send(who, cid::login_req_userlogin, seq,
       "user_name: " + literal(who.user) + " password: md5 " +
           literal(password.empty() ? who.user + "-secret" : password) +
           " online_status: USER_STATUS_ONLINE client_version: \"scenario\" client_type: " + kind +
           (level.empty() ? "" : " extension_level: " + level));
  return seq;
}

void world::log_in(const std::string& name, const std::string& client, const std::string& level) {
  const auto seq = start_login(name, client, level, "");
  auto& who = at(name);
  receive(who, {cid::login_res_userlogin,
                seq,
                "result_code: REFUSE_REASON_NONE user_info { user_id: @" + who.user + " }",
                {},
                false});
  who.logged_in = true;
}

void world::send(actor& from, std::uint16_t command, std::optional<std::uint16_t> seq, const std::string& block) {
  const auto message = messages_.from_text(command, expanded(block));
  if (!seq) seq = from.last_seq = static_cast<std::uint16_t>(from.last_seq + 1);
  if (!from.wire.send(command, *seq, message->SerializePartialAsString())) throw failure("the connection is gone");
}

std::optional<test::wire_pdu> world::next(actor& to, std::uint16_t wanted) {
  auto got = to.wire.next();
  while (got && is_news(*got, news_in(wanted))) got = to.wire.next();
  return got;
}

std::string world::describe(const test::wire_pdu& pdu) const {
  return schema::name(pdu.command) + " seq " + std::to_string(pdu.seq) + " { " +
         to_text(*messages_.from_bytes(pdu.command, pdu.body)) + " }";
}

void world::receive(actor& to, const expectation& wanted) {
  for (;;) {
    auto got = next(to, wanted.command);
    if (!got) {
      throw failure((to.wire.closed() ? "the connection was closed" : "nothing came") + std::string("; expected ") +
                    schema::name(wanted.command));
    }
    if (wanted.eventually && got->command != wanted.command) continue;
    if (got->command != wanted.command)
      throw failure("expected " + schema::name(wanted.command) + ", found " + describe(*got));
    if (got->service != got->command >> 8)
      throw failure("service id " + std::to_string(got->service) + " in " + describe(*got));
    if (wanted.seq && got->seq != *wanted.seq) {
      throw failure("expected seq " + std::to_string(*wanted.seq) + ", found " + describe(*got));
    }
    to.last = messages_.from_bytes(got->command, got->body);
    const auto wrong = difference(*messages_.from_text(wanted.command, expanded(wanted.block)), *to.last);
    if (!wrong.empty() && wanted.eventually) continue;
    if (!wrong.empty()) throw failure(wrong + " in " + describe(*got));
    for (const auto& field : wanted.without) {
      if (has_field(*to.last, field)) throw failure(field + " should not be there: " + describe(*got));
    }
    return;
  }
}

void world::quiet(actor& who, int time) {
  if (!who.wire.send(cid::other_heartbeat, heartbeat_seq, {})) throw failure("the connection is gone");
  const auto got = next(who);
  if (!got) throw failure("not even a heartbeat comes back");
  if (got->command != cid::other_heartbeat || got->seq != heartbeat_seq)
    throw failure("expected nothing, found " + describe(*got));
  const auto until = test::steady::now() + milliseconds(time);
  while (test::steady::now() < until) {
    const auto late = who.wire.next(std::chrono::ceil<milliseconds>(until - test::steady::now()));
    if (late && !is_news(*late)) throw failure("expected nothing, found " + describe(*late));
  }
}

void world::closed(actor& who, int time) {
  if (!who.wire.closed_within(milliseconds(time))) throw failure("the connection is still open");
  for (const auto& left : who.wire.inbox()) {
    if (!is_news(left)) throw failure("before it was closed came " + describe(left));
  }
  who.wire.inbox().clear();
  who.wire.close();
}

void world::told(const std::set<std::uint32_t>& users, const actor& but, const expectation& what) {
  for (auto& [name, who] : actors_) {
    if (&who == &but || !who.logged_in || !who.wire.socket().open() || !users.contains(id(who.user))) continue;
    try {
      receive(who, what);
    } catch (const failure& e) {
      throw failure(name + ": " + e.what());
    }
  }
}

std::string world::resolve(char sigil, const std::string& name) const {
  if (sigil == '@') {
    if (const auto found = ids_.find(name); found != ids_.end()) return std::to_string(found->second);
  } else if (const auto found = remembered_.find(name); found != remembered_.end()) {
    return found->second;
  }
  throw failure(std::string("nobody said what ") + sigil + name + " is");
}

std::string world::expanded(const std::string& block) const {
  return expand(block, [this](char sigil, const std::string& name) { return resolve(sigil, name); });
}

void world::finish() {
  for (auto& [name, who] : actors_) {
    if (!who.wire.socket().open()) continue;
    try {
      quiet(who, 0);
    } catch (const failure& e) {
      throw failure("at the end, " + name + ": " + e.what());
    }
  }
  actors_.clear();
  if (!server_) return;
  if (const auto end = server_->terminate(); end.code != 0) {
    throw failure("the server ended with " + std::to_string(end.code));
  }
}

}  // namespace parley::scenario
