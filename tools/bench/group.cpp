#include "bench/bench.hpp"
#include "bench/broadcast.hpp"

namespace parley::bench {

/// Closed loop: a few write to a group that everybody is in.
int group(arguments& from) {
  constexpr std::uint64_t settle_ms = 30'000;
  const crowd users = crowd::take(from);
  broadcast::shape how{};
  how.members = from.take_number("--members", 1000, 2, 20'000);
  how.senders = from.take_number("--senders", 4, 1, 1000);
  how.window = from.take_number("--window", 16, 1, 1024);
  how.size = from.take_number("--size", 100, pattern::least_size, client::max_text_bytes);
  const std::uint64_t seconds = from.take_number("--seconds", 10, 1, 3600);
  const std::uint64_t warmup = from.take_number("--warmup", 1, 0, 600);
  report out("group", from.take_switch("--json"));
  if (!usable(from)) return 2;
  how.senders = std::min(how.senders, how.members);
  users.describe(out);
  out.parameter("members", how.members);
  out.parameter("senders", how.senders);
  out.parameter("window", how.window);
  out.parameter("size", how.size);
  out.parameter("seconds", seconds);

  client::event_loop loop;
  broadcast talk(loop, users, how);
  if (const auto ready = talk.prepare(); !ready) return cannot(ready.why().text);
  talk.start();
  const auto stuck = [&] { return !talk.broken().empty(); };
  loop.run_until(stuck, 1000 * warmup);
  talk.start_measuring();
  loop.run_until(stuck, 1000 * seconds);
  talk.stop_measuring();
  talk.settle(settle_ms);
  talk.conclude(out);
  return out.print();
}

}  // namespace parley::bench
