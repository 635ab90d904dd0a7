// announce and announcements list; and the work behind them: a message of its own to everybody, so many a second, from
// where it stopped when the node or this plugin begins anew.
#include <parley/background.hpp>
#include <parley/utf8.hpp>

#include <algorithm>
#include <coroutine>
#include <utility>

#include "message.hpp"
#include "store_announcements.hpp"
#include "verbs.hpp"

namespace message {
namespace {

constexpr std::uint64_t announce_tick_ms = 250;
constexpr std::uint64_t announce_rest_ms = 5'000;  // while the database is away, or another node is at it
constexpr std::uint64_t announce_idle_ms = 30'000;  // another node may have died over one of its own
constexpr std::uint32_t claimed_for_s = 15;
constexpr std::size_t longest_announcement = 3068;  // bytes; what fits into TeamTalk's column, encrypted
constexpr std::size_t most_listed_users = 10'000;
constexpr std::uint32_t usually_on_a_page = 50, most_on_a_page = 200;

/// "1,2,3", ascending, each once.
std::optional<std::vector<std::uint32_t>> read_users(std::string_view text) {
  std::vector<std::uint32_t> ids;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    more = comma != text.npos;
    const auto id = parley::whole_number(text.substr(0, comma));
    if (id.value_or(0) == 0 || ids.size() == most_listed_users) return std::nullopt;
    ids.push_back(*id);
    if (more) text.remove_prefix(comma + 1);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

/// What is wrong with the arguments, if anything.
const char* read_announcement(const parley::verb_call& call, store::announcement& one) {
  one.text = call[0];
  if (one.text.empty() || one.text.size() > longest_announcement || !parley::storable_characters(one.text)) {
    return "a text has 1 to 3068 bytes of UTF-8";
  }
  if (call.has(1) && call.has(2)) return "either --department or --users";
  if (call.has(1)) {
    const auto department = parley::whole_number(call[1]);
    if (department.value_or(0) == 0) return "department is a department's id; `departments list` shows it";
    one.to = store::audience::department;
    one.department = *department;
  }
  if (call.has(2)) {
    auto users = read_users(call[2]);
    if (!users) return "users are at most 10000 ids, as 1,2,3";
    one.to = store::audience::listed;
    one.users = std::move(*users);
  }
  return nullptr;
}

std::string announcement_json(const store::announcement& one) {
  static constexpr std::string_view audiences[] = {"everybody", "department", "users"};
  parley::json_object out;
  out.add("id", one.id).add("text", one.text).add("author", one.author);
  out.add("audience", audiences[static_cast<std::size_t>(one.to)]).add("department", one.department);
  out.add("created", one.created).add("total", one.total).add("sent", one.sent).add("skipped", one.skipped);
  return out.add("finished", one.finished).str();
}

/// The same again may succeed later.
bool may_pass(parley::status verdict) {
  using parley::status;
  switch (verdict) {
    case status::ok:
    case status::not_allowed:
    case status::no_target:
    case status::too_large:
    case status::malformed:
    case status::data_error:
    case status::conflict:
      return false;
    default:
      return true;
  }
}

}  // namespace

/// Messages of one announcement that are on their way together.
struct messenger::announcement_round {
  const store::announcement& what;
  std::string content;
  std::string client_msg_id;
  std::size_t left = 0;
  std::uint32_t sent = 0, skipped = 0;
  bool broken = false;  // some have to be sent again
  std::coroutine_handle<> waiting;

  bool await_ready() const noexcept { return left == 0; }
  void await_suspend(std::coroutine_handle<> parent) noexcept { waiting = parent; }
  void await_resume() const noexcept {}
};

/// The round waits until all of these are over, whatever becomes of them.
parley::task<> messenger::announce_to(announcement_round* round, std::uint32_t user) {
  try {
    const auto verdict = co_await announce_one(round, user);
    (verdict == status::ok ? round->sent : round->skipped) += 1;
    if (may_pass(verdict)) round->broken = true;
  } catch (const std::exception& e) {
    log().error(std::string("a message of an announcement: ") + e.what());
    round->broken = true;
  }
  if (--round->left == 0 && round->waiting) round->waiting.resume();
}

parley::task<parley::status> messenger::announce_one(announcement_round* round, std::uint32_t user) {
  IM::Message::IMMsgData message;
  message.set_to_session_id(user);
  message.set_msg_type(IM::BaseDefine::MSG_TYPE_SINGLE_TEXT);
  message.set_msg_data(round->content);
  message.set_client_msg_id(round->client_msg_id);
  outgoing item;
  item.author = round->what.author;
  item.target = user;
  item.key = conversation_key::single(item.author, user);
  item.type = static_cast<std::uint32_t>(message.msg_type());
  item.content = message.msg_data();
  item.client_msg_id = message.client_msg_id();
  const auto accepted = unix_s();
  auto verdict = co_await commit_lane_.run(item.key.lane_key(), item);
  if (verdict == status::ok) verdict = item.verdict;
  if (verdict == status::ok && !item.duplicate) deliver({}, message, item, accepted);
  co_return verdict;
}

/// A tick's worth of the oldest announcement that is not finished.
parley::task<> messenger::announce_some() {
  const auto now = unix_s();
  announcing_.due = false;  // whoever asks from here on sets it again
  bool waiting = false;
  std::vector<std::uint32_t> hearers;
  const auto one = co_await main_.write([&, now](parley::sql& db) {
    auto claimed = store::claim_announcement(db, announcing_.claimant, now, now + claimed_for_s, waiting);
    if (claimed) hearers = store::next_hearers(db, *claimed, announcing_.per_tick);
    return claimed;
  });
  announcing_.busy = false;
  if (!one || !*one) {
    if (one && !waiting) co_return;
    announcing_.due = true;
    announcing_.next_ms = now_ms() + announce_rest_ms;
    co_return;
  }
  announcing_.due = true;
  announcing_.busy = true;
  const auto& what = **one;
  announcement_round round{what, codec_.encrypt(what.text), "announcement-" + std::to_string(what.id)};
  round.left = static_cast<std::size_t>(
      std::count_if(hearers.begin(), hearers.end(), [&](auto user) { return user != what.author; }));
  for (const auto user : hearers) {
    if (user != what.author) parley::in_background(host_edge(), announce_to(&round, user));
  }
  co_await round;
  auto next = what;
  if (!hearers.empty()) next.after_user = hearers.back();
  next.sent += round.sent;
  next.skipped += round.skipped;
  if (hearers.size() < announcing_.per_tick) next.finished = now;
  bool saved = false;
  if (!round.broken) {
    const auto done = co_await main_.write([&](parley::sql& db) { return store::save_progress(db, what, next); });
    saved = done && *done;
  }
  if (!saved) {
    announcing_.next_ms = now_ms() + announce_rest_ms;
    log().warn("announcement " + std::to_string(what.id) + ": some behind user " + std::to_string(what.after_user) +
               " were not served; they are tried again");
  }
  if (saved && next.finished != 0) {
    log().info("announcement " + std::to_string(next.id) + " was sent to " + std::to_string(next.sent) + " users, " +
               std::to_string(next.skipped) + " were left out");
  }
  announcing_.busy = false;
}

/// Looks for work until there is none, and then now and again.
void messenger::announce_soon() {
  if (directory().empty()) return;  // in the trial before a load there is none
  announcing_.due = true;
  announcing_.next_ms = 0;
  if (std::exchange(announcing_.ticking, true)) return;
  announcing_.clock.emplace(host_edge(), announce_tick_ms, announce_tick_ms, [this] {
    if (announcing_.busy || now_ms() < announcing_.next_ms) return;
    if (!announcing_.due) {
      parley::in_a_later_turn<&messenger::rest_from_announcing>(host_edge(), this);
      return;
    }
    announcing_.busy = true;
    parley::in_background(host_edge(), announce_some());
  });
}

void messenger::rest_from_announcing() {
  if (announcing_.due || announcing_.busy || !std::exchange(announcing_.ticking, false)) return;
  announcing_.clock.emplace(host_edge(), announce_idle_ms, 0,
                            [this] { parley::in_a_later_turn<&messenger::announce_soon>(host_edge(), this); });
}

parley::task<> messenger::on_announce(parley::verb_call call) {
  store::announcement one;
  if (const auto* fault = read_announcement(call, one)) {
    co_return static_cast<void>(call.fail(status::malformed, std::string("announce: ") + fault));
  }
  one.created = unix_s();
  store::announcer author;
  const auto done = co_await main_.write([&](parley::sql& db) {
    author = store::find_announcer(db, announcing_.name, one.created);
    one.author = author.id;
    store::add_announcement(db, one);
  });
  if (author.made) tell_user_made(author.id);
  if (!done) {
    const bool said = done.code() == status::no_target || done.code() == status::conflict;
    if (!said) co_return call.fail("announce", done.failure());
    co_return static_cast<void>(call.fail(done.code(), "announce: " + done.text()));
  }
  announce_soon();
  call.progress("it is on its way; `announcements list` shows how far");
  call.answer(parley::json_object().add("id", one.id).add("author", one.author).add("total", one.total).str());
}

parley::task<> messenger::on_announcements(parley::verb_call call) {
  const auto page = call[0].empty() ? 1 : parley::whole_number(call[0], 10'000'000);
  const auto size = call[1].empty() ? usually_on_a_page : parley::whole_number(call[1], most_on_a_page);
  if (page.value_or(0) == 0 || size.value_or(0) == 0) {
    co_return static_cast<void>(
        call.fail(status::malformed, "announcements list: page is a number from 1, size one from 1 to 200"));
  }
  const auto first = (std::uint64_t{*page} - 1) * *size;
  const auto found =
      co_await main_.read([first, most = *size](parley::sql& db) { return store::announcements(db, first, most); });
  if (!found) co_return call.fail("announcements list", found.failure());
  const auto items = parley::json_array(found->items, announcement_json);
  call.answer(parley::json_object().add("total", found->total).raw("items", items).str());
}

}  // namespace message
