// Messages that are kept no longer: by age (`keep`), once an hour, and of one conversation by the operator's verb.
#include <parley/background.hpp>
#include <parley/json.hpp>
#include <parley/number.hpp>

#include "message.hpp"
#include "store.hpp"

namespace message {
namespace {

constexpr std::uint64_t tick_ms = 1'000, pass_every_ms = 3'600'000, away_ms = 60'000;
constexpr std::uint32_t looked_at = 100;        // conversations a job
constexpr std::uint32_t removed_at_once = 200;  // messages a transaction
constexpr int jobs_a_tick = 50;         // those who write and read come first; and a reload has not long to wait
constexpr std::uint64_t pause_ms = 20;  // between two transactions of a verb
constexpr std::uint32_t day_s = 24 * 3600;

}  // namespace

void messenger::keep_for(std::int64_t keep_ms) {
  if (keep_ms <= 0 || directory().empty()) return;  // in the trial before a load there is none
  expiry_.keep_s = static_cast<std::uint32_t>(keep_ms / 1000);
  expiry_.clock.emplace(host_edge(), tick_ms, tick_ms, [this] {
    if (expiry_.busy || now_ms() < expiry_.next_ms) return;
    expiry_.busy = true;
    parley::in_background(host_edge(), expire_some());
  });
}

/// A few jobs, from where the last ones stopped. Another node of the database may be at the same: what one has removed
/// the other does not find.
parley::task<> messenger::expire_some() {
  const auto now = unix_s();
  const std::uint32_t before = now > expiry_.keep_s ? now - expiry_.keep_s : 0;
  for (int left = jobs_a_tick; left > 0;) {
    auto last = expiry_.after;
    const auto old = co_await main_.read([&](parley::sql& db) {
      const auto some = store::relations_behind(db, expiry_.kind, expiry_.after, looked_at);
      if (!some.empty()) last = some.back().where.relate_id;
      return store::with_old(db, some, before);
    });
    --left;
    bool served = static_cast<bool>(old);
    for (std::size_t i = 0; served && left > 0 && i < old->size();) {
      const auto count = co_await main_.write(
          [&](parley::sql& db) { return store::remove_old(db, (*old)[i], before, removed_at_once, now); });
      --left;
      served = static_cast<bool>(count);
      if (served) expiry_.removed += *count;
      if (served && *count < removed_at_once) ++i;
    }
    if (!served) {
      log().warn("old messages are not removed for now: the database is away or busy");
      expiry_.next_ms = now_ms() + away_ms;
      break;
    }
    if (left == 0) break;  // what of these was not looked at is so the next time
    if (last != expiry_.after) {
      expiry_.after = last;
    } else if (next_kind()) {
      break;
    }
  }
  expiry_.busy = false;
}

/// True: that was all.
bool messenger::next_kind() {
  expiry_.after = 0;
  const bool over = expiry_.kind == conversation_kind::group;
  expiry_.kind = over ? conversation_kind::single : conversation_kind::group;
  if (!over) return false;
  if (expiry_.removed > 0) log().info(std::to_string(expiry_.removed) + " messages older than `keep` were removed");
  expiry_.removed = 0;
  expiry_.next_ms = now_ms() + pass_every_ms;
  return true;
}

/// None: the database would not.
parley::task<std::optional<std::size_t>> messenger::expire(store::relation one, std::uint32_t before) {
  std::size_t removed = 0;
  for (;;) {
    const auto count = co_await main_.write(
        [&](parley::sql& db) { return store::remove_old(db, one, before, removed_at_once, unix_s()); });
    if (!count) co_return std::nullopt;
    removed += *count;
    if (*count < removed_at_once) co_return removed;
    co_await parley::sleep(host_edge(), pause_ms);
  }
}

parley::task<> messenger::on_expire(parley::verb_call call) {
  const auto days = parley::whole_number(call[0]);
  const auto group = parley::whole_number(call[1]), one = parley::whole_number(call[2]),
             other = parley::whole_number(call[3]);
  const bool pair = one && other && *one != *other;
  if (!days || *days > 36'500 || pair == group.has_value()) {
    co_return static_cast<void>(call.fail(
        status::malformed,
        "messages expire: expected DAYS (0: all) and either --group ID or --user ID and --peer ID, ids as numbers"));
  }
  const auto key = pair ? conversation_key::single(*one, *other) : conversation_key::group(*group);
  const auto now = unix_s();
  const std::uint32_t age = *days * day_s, before = *days == 0 ? now + 1 : now > age ? now - age : 0;
  const auto places = co_await main_.read([&](parley::sql& db) { return store::relations_of(db, key); });
  if (!places) co_return fail_expire(call, 0, places.code());
  std::size_t removed = 0;
  for (const auto& where : *places) {
    const auto count = co_await expire(where, before);
    if (!count) co_return fail_expire(call, removed, status::unavailable);
    removed += *count;
    call.progress(std::to_string(removed) + " messages removed");
  }
  log().info(
      "messages expire: the operator has removed " + std::to_string(removed) + " messages of " +
      (pair ? "users " + std::to_string(key.a) + " and " + std::to_string(key.b) : "group " + std::to_string(key.b)) +
      ", older than " + std::to_string(*days) + " days");
  call.answer(parley::json_object().add("removed", removed).str());
}

void messenger::fail_expire(const parley::verb_call& call, std::size_t removed, status code) {
  call.fail(code,
            "messages expire: " + std::to_string(removed) +
                " messages were removed, then the database would not; `parleyctl pools` shows why, the same again "
                "goes on");
}

}  // namespace message
