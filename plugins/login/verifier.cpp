#include "verifier.hpp"

#include <algorithm>
#include <chrono>

#include "text.hpp"

namespace login {
namespace {

constexpr std::size_t most_attempts_waiting = 64;  // on one name from one address
constexpr std::size_t most_checks_waiting = 20'000;
constexpr std::size_t most_moves_waiting = 256;
constexpr std::uint64_t barred_ms = 60'000;  // longer than any check takes

outcome outcome_of(parley::status failure) {
  switch (failure) {
    case parley::status::busy:
    case parley::status::timeout:
    case parley::status::retry:
    case parley::status::cancelled:
      return outcome::busy;
    case parley::status::unavailable:
      return outcome::away;
    default:
      return outcome::broken;
  }
}

std::uint64_t first_guess_us(cost effort) {
  return effort == cost::standard ? 30'000 : 1'000;
}

/// Resumes a coroutine in a later turn of the loop.
auto later(const parley::edge* e) {
  return [e](std::coroutine_handle<> waiting) {
    e->host->post(
        e->self, [](void* address) { std::coroutine_handle<>::from_address(address).resume(); }, waiting.address());
  };
}

}  // namespace

verifier::verifier(const parley::edge* e, const settings& s)
    : edge_(e),
      main_(e, "main"),
      cpu_(e, "cpu"),
      effort_(s.effort),
      keep_md5_(s.keep_md5),
      throttle_(s.limits),
      remembered_(s.remember),
      clock_(first_guess_us(s.effort)),
      attempts_(1, most_attempts_waiting, later(e)),
      checks_(2 * std::max(cpu_.load().threads, 1u), most_checks_waiting, later(e)),
      moves_(1, most_moves_waiting, later(e)) {}

parley::task<verdict> verifier::check(attempt given) {
  const std::uint64_t started = now_ms();
  const attempt_key key = throttle_.key(given.name, given.address);
  if (throttle_.refuses(key, now_ms())) co_return verdict{outcome::throttled, {}};
  if (given.name.empty() || !storable(given.name, 32) || !is_secret(given.secret)) {
    failed(key, given.address);
    co_return verdict{outcome::wrong, {}};
  }
  auto row = co_await main_.read([&given](parley::sql& db) { return store::find_account(db, given.name); });
  if (!row) co_return verdict{outcome_of(row.code()), {}};

  const auto turn = co_await attempts_.enter(key.pair);
  if (!turn) co_return verdict{outcome::busy, {}};
  if (throttle_.refuses(key, now_ms())) co_return verdict{outcome::throttled, {}};

  // TeamTalk's md5 goes first where a row has both: then it is the newer one, set by a tool that knows no argon2id.
  store::account user = row->value_or(store::account{});
  const bool matches_md5 = !user.md5.empty() && teamtalk_matches(given.secret, user.salt, user.md5);
  const bool comparable = user.md5.empty() && !user.argon2.empty();
  const bool warm = matches_md5 || (comparable && remembered_.knows(user.id, user.argon2, given.secret));
  if (!warm) {
    if (!comparable) failed(key, given.address);
    std::string stored;
    if (comparable) stored = user.argon2;
    const auto matches = co_await compare(std::move(stored), given.secret, given.deadline_ms);
    if (!matches) co_return verdict{outcome_of(matches.code()), {}};
    if (!comparable) co_return verdict{outcome::wrong, {}};
    if (!*matches) {
      failed(key, given.address);
      co_return verdict{outcome::wrong, {}};
    }
    // A check takes long, and another generation may be the one that was told of a change meanwhile.
    auto still = co_await main_.read([&given](parley::sql& db) { return store::find_account(db, given.name); });
    if (!still) co_return verdict{outcome_of(still.code()), {}};
    const store::account now = still->value_or(store::account{});
    if (now.id != user.id) co_return verdict{outcome::wrong, {}};
    // Renewed or another password: which of them, the next try finds out.
    if (now.argon2 != user.argon2) co_return verdict{outcome::busy, {}};
    remembered_.keep(user.id, user.argon2, given.secret);
  }
  if (const auto at = barred_.find(user.id); at != barred_.end() && at->second >= started) {
    co_return verdict{outcome::wrong, {}};
  }
  throttle_.succeeded(key);
  co_return verdict{outcome::accepted, std::move(user), warm};
}

std::string verifier::save(std::size_t most) const {
  std::string out;
  out.reserve(most);
  throttle_.save(out, now_ms(), most / 4);
  remembered_.save(out, most - std::min(most, out.size()));
  return out;
}

bool verifier::restore(std::string_view state) {
  parley::state_reader in(state);
  return throttle_.restore(in) && remembered_.restore(in) && in.done();
}

void verifier::bar(std::uint32_t user) {
  const auto now = now_ms();
  std::erase_if(barred_, [&](const auto& entry) { return now - entry.second > barred_ms; });
  barred_[user] = now;
}

/// With nothing stored it takes as long, and never matches.
parley::task<parley::result<bool>> verifier::compare(std::string stored, std::string secret,
                                                     std::uint64_t deadline_ms) {
  const auto load = cpu_.load();
  const auto ahead = static_cast<std::uint32_t>(checks_.waiting(0)) + load.queued + load.running;
  if (now_ms() + clock_.expected_ms(ahead, load.threads) > deadline_ms) co_return parley::status::busy;
  const auto turn = co_await checks_.enter(0);
  const auto now = now_ms();
  if (!turn || now >= deadline_ms) co_return parley::status::busy;
  const cost effort = effort_;
  auto done = co_await cpu_.run(
      [&stored, &secret, effort] {
        const auto from = std::chrono::steady_clock::now();
        const bool matches = stored.empty() ? argon2_hash(secret, effort).empty() : argon2_matches(secret, stored);
        const auto took = std::chrono::steady_clock::now() - from;
        return comparison{
            matches, static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count())};
      },
      static_cast<std::uint32_t>(deadline_ms - now));
  if (!done) co_return done.code();
  clock_.took(done->took_us);
  co_return done->matches;
}

parley::task<bool> verifier::modernise(store::account user, std::string secret) {
  const bool wanted = user.md5.empty() ? argon2_outdated(user.argon2, effort_) : !keep_md5_;
  if (!wanted) co_return false;
  const auto turn = co_await moves_.enter(0);
  if (!turn) co_return false;
  const cost effort = effort_;
  auto hash = co_await cpu_.run([&secret, effort] { return argon2_hash(secret, effort); });
  if (!hash) co_return false;
  const auto now = static_cast<std::uint32_t>(edge_->host->unix_ms(edge_->self) / 1000);
  const auto replaced =
      co_await main_.write([&](parley::sql& db) { return store::replace_secret(db, user, *hash, now); });
  if (!replaced || !*replaced) co_return false;
  remembered_.keep(user.id, *hash, secret);
  co_return true;
}

void verifier::failed(const attempt_key& key, const std::string& address) {
  if (throttle_.failed(key, now_ms())) {
    parley::logger(edge_).warn("too many failed logins from " + address + ": the next ones are refused unseen");
  }
}

}  // namespace login
