#include "bench/bench.hpp"
#include "bench/spot_check.hpp"
#include "bench/traffic.hpp"

namespace parley::bench {

/// Closed loop: every sender keeps `window` messages unanswered.
int chat(arguments& from) {
  constexpr std::uint64_t settle_ms = 15'000;
  crowd users = crowd::take(from);
  const shape how = shape::take(from);
  const auto receivers_at = from.take_text("--receivers-at", "");
  const std::uint64_t seconds = from.take_number("--seconds", 10, 1, 3600);
  const std::uint64_t warmup = from.take_number("--warmup", 1, 0, 600);
  const std::uint64_t most = from.take_number("--messages", 20'000'000, 1, 200'000'000);
  const std::uint64_t histories = from.take_number("--histories", 100, 0, 100'000);
  report out("chat", from.take_switch("--json"));
  if (!usable(from)) return 2;
  if (!receivers_at.empty()) {
    const auto other = client::parse_endpoint(receivers_at);
    if (!other) return cannot("--receivers-at wants HOST:PORT, not " + receivers_at);
    users.other = *other;
    users.others_from = how.pairs;
    out.parameter("receivers_at", receivers_at);
  }
  users.describe(out);
  how.describe(out);
  out.parameter("seconds", seconds);
  out.parameter("warmup", warmup);

  client::event_loop loop;
  traffic talk(loop, users, how);
  if (const auto ready = talk.prepare(); !ready) return cannot(ready.why().text);
  std::uint64_t sent = 0;
  bool over = false;
  const auto fill = [&](std::size_t sender) {
    while (!over && sent < most && talk.send(sender, client::event_loop::now_ns())) ++sent;
  };
  talk.on_answered = fill;
  for (std::size_t sender = 0; sender < how.pairs; ++sender) fill(sender);
  const auto stuck = [&] { return sent == most || !talk.broken().empty(); };
  loop.run_until(stuck, 1000 * warmup);
  talk.start_measuring();
  loop.run_until(stuck, 1000 * seconds);
  talk.stop_measuring();
  over = true;
  talk.settle(settle_ms);
  spot_check check(talk);
  if (talk.broken().empty()) check.look(histories);
  talk.conclude(out);
  check.conclude(out);
  return out.print();
}

}  // namespace parley::bench
