// Whether a name and a secret let somebody in, and at what price.
#pragma once

#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/task.hpp>
#include <parley/worker.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "check_clock.hpp"
#include "password.hpp"
#include "remembered.hpp"
#include "store.hpp"
#include "throttle.hpp"
#include "turnstile.hpp"

namespace login {

struct attempt {
  std::string name;
  std::string secret;
  std::string address;
  std::uint64_t deadline_ms = 0;  ///< of the loop's clock
};

enum class outcome {
  accepted,
  wrong,      ///< unknown, disabled or a wrong password: nobody is told which
  throttled,  ///< not even looked at
  busy,       ///< would not be answered in time
  away,       ///< the database
  broken,
};
inline constexpr std::size_t outcomes = 6;

struct verdict {
  outcome result = outcome::broken;
  store::account user;  ///< when accepted
  bool warm = false;    ///< without a new argon2id
};

/// Reads the row at every attempt, so that a changed password or a disabled user is seen at once; what it spares a user
/// it remembers is the argon2id. [loop]
///
/// Rationale: throttle first, CPU last. Attempts on one name from one address are checked one after the other, so that
/// a burst gets no more guesses than a slow attacker, and a burst with the right password pays for one check. An
/// unknown name costs a check as well, but it is counted before, so an address can make us pay for a bounded number of
/// them.
class verifier {
 public:
  struct settings {
    cost effort = cost::standard;
    bool keep_md5 = false;
    std::size_t remember = 20000;
    throttle::limits limits;
  };

  verifier(const parley::edge* e, const settings& s);

  parley::task<verdict> check(attempt given);

  /// Forgets the name's failures here. From how many addresses they were.
  std::size_t unlock(std::string_view name) { return throttle_.forget(name, now_ms()); }

  /// What the next generation is handed, in at most about `most` bytes: the throttle may take a quarter of it, who was
  /// verified before has the rest. What does not fit is who was not seen longest.
  std::string save(std::size_t most) const;
  /// In place of what it knew. False when it is malformed: then it is not to serve, or has to be given its own back.
  bool restore(std::string_view state);

  /// Checks that are under way do not let this user in any more: the row they have read may be from before.
  void bar(std::uint32_t user);
  void unbar(std::uint32_t user) { barred_.erase(user); }

  /// After an accepted login: moves TeamTalk's md5 to argon2id, or a low-cost hash to the cost now wanted. True when
  /// the row changed. Gives up where others have to be served first: the next login tries again.
  parley::task<bool> modernise(store::account user, std::string secret);

 private:
  struct comparison {
    bool matches;
    std::uint64_t took_us;
  };
  parley::task<parley::result<bool>> compare(std::string stored, std::string secret, std::uint64_t deadline_ms);
  void failed(const attempt_key& key, const std::string& address);
  std::uint64_t now_ms() const { return edge_->host->now_ms(edge_->self); }

  const parley::edge* edge_;
  parley::sql_pool main_;
  parley::worker_pool cpu_;
  cost effort_;
  bool keep_md5_;
  throttle throttle_;
  remembered remembered_;
  std::unordered_map<std::uint32_t, std::uint64_t> barred_;  // user -> when, lately
  check_clock clock_;
  turnstile attempts_;  // per name and address
  turnstile checks_;    // what the workers have of us at once; the rest waits here, not in front of others' jobs
  turnstile moves_;
};

}  // namespace login
