#include <algorithm>
#include <parley/commands.hpp>
#include <vector>

#include "IM.Buddy.pb.h"
#include "bench/bench.hpp"
#include "bench/fleet.hpp"

namespace parley::bench {
namespace {

constexpr std::uint64_t quiet_ms = 500;

/// News of presence that everybody together got.
struct news {
  std::uint64_t pdus = 0;
  std::uint64_t users = 0;  ///< told of in them
  std::uint64_t damaged = 0;

  void take(const client::pdu& next) {
    if (next.head.command_id != cid::buddy_list_status_notify) return;
    IM::Buddy::IMUserStatNotify notify;
    if (!next.read(notify)) return void(++damaged);
    ++pdus;
    users += 1 + static_cast<std::uint64_t>(notify.more_size());
  }
};

}  // namespace

/// A morning: PC terminals log in one after the other and stay. Tells how many notices that causes, and whether the
/// last thousand still log in as fast as the first.
int presence(arguments& from) {
  crowd users = crowd::take(from);
  users.level = static_cast<std::uint32_t>(from.take_number("--level", client::spoken_level, 0, client::spoken_level));
  const std::uint64_t sessions = from.take_number("--sessions", 10'000, 2, 100'000);
  const std::uint64_t part = from.take_number("--part", 1000, 1, 10'000);
  report out("presence", from.take_switch("--json"));
  if (!usable(from)) return 2;
  users.describe(out);
  out.parameter("sessions", sessions);
  out.parameter("part", part);
  out.parameter("level", users.level);

  client::event_loop loop;
  news heard;
  fleet all(loop, users, [&](std::size_t, const client::pdu& next) { heard.take(next); });
  // The first to log in bring in what all of them share.
  const std::uint64_t warm = std::min<std::uint64_t>(100, sessions / 2);
  if (const auto in = all.login(warm); !in) return cannot(in.why().text);
  all.take_login_times();

  std::vector<double> p99_ms;
  std::vector<std::uint64_t> pdus;
  for (std::uint64_t count = warm; count < sessions;) {
    const std::uint64_t before = heard.pdus;
    count = std::min(count + part, sessions);
    if (const auto in = all.login(count); !in) return cannot(in.why().text);
    p99_ms.push_back(static_cast<double>(all.take_login_times().quantile(0.99)) / 1e6);
    for (std::uint64_t last = UINT64_MAX; last != heard.pdus;) {
      last = heard.pdus;
      loop.run_until([] { return false; }, quiet_ms);
    }
    pdus.push_back(heard.pdus - before);
  }
  out.quantity("login_p99_first_part", p99_ms.front(), "ms");
  out.quantity("login_p99_last_part", p99_ms.back(), "ms");
  out.quantity("login_p99_ratio", p99_ms.front() > 0 ? p99_ms.back() / p99_ms.front() : 0, "");
  out.count("notices", heard.pdus);
  out.count("notices_first_part", pdus.front());
  out.count("notices_last_part", pdus.back());
  out.count("users_told_of", heard.users);
  out.quantity("notices_per_login", static_cast<double>(heard.pdus) / static_cast<double>(sessions), "");
  out.violations("damaged", heard.damaged);
  out.violations("connections_lost", all.lost());
  return out.print();
}

}  // namespace parley::bench
