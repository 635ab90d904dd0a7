#include <optional>

#include "bench/bench.hpp"
#include "bench/pacer.hpp"
#include "bench/spot_check.hpp"
#include "bench/traffic.hpp"

namespace parley::bench {

/// Open loop: messages leave at fixed times whatever the server does, and latency counts from the time they were meant
/// to leave, so a stall shows in all that it delayed.
int rate(arguments& from) {
  constexpr std::uint64_t settle_ms = 15'000;
  const crowd users = crowd::take(from);
  shape how = shape::take(from);
  const std::uint64_t per_second = from.take_number("--rate", 1000, 1, 10'000'000);
  const std::uint64_t seconds = from.take_number("--seconds", 10, 1, 3600);
  const std::uint64_t warmup = from.take_number("--warmup", 1, 0, 600);
  const std::uint64_t histories = from.take_number("--histories", 100, 0, 100'000);
  report out("rate", from.take_switch("--json"));
  if (!usable(from)) return 2;
  how.window = 16'384;
  users.describe(out);
  out.parameter("rate", per_second);
  how.describe(out);
  out.parameter("seconds", seconds);
  out.parameter("warmup", warmup);

  client::event_loop loop;
  traffic talk(loop, users, how);
  if (const auto ready = talk.prepare(); !ready) return cannot(ready.why().text);
  histogram lateness;
  std::uint64_t unsent = 0;
  std::size_t sender = 0;
  std::optional<pacer> clock;
  clock.emplace(loop, static_cast<double>(per_second), [&](std::uint64_t due_ns) {
    lateness.add(client::event_loop::now_ns() - due_ns);
    if (!talk.send(sender, due_ns)) ++unsent;
    sender = (sender + 1) % how.pairs;
  });
  const auto stuck = [&] { return !talk.broken().empty(); };
  loop.run_until(stuck, 1000 * warmup);
  talk.start_measuring();
  loop.run_until(stuck, 1000 * seconds);
  talk.stop_measuring();
  clock.reset();
  talk.settle(settle_ms);
  spot_check check(talk);
  if (talk.broken().empty()) check.look(histories);
  talk.conclude(out);
  check.conclude(out);
  out.latency("own_lateness", lateness);
  out.violations("unsent", unsent);
  return out.print();
}

}  // namespace parley::bench
