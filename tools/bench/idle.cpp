#include <parley/commands.hpp>

#include "bench/bench.hpp"
#include "bench/fleet.hpp"
#include "bench/memory.hpp"

namespace parley::bench {
namespace {

double per_session(std::uint64_t before, std::uint64_t after, std::size_t sessions) {
  return (static_cast<double>(after) - static_cast<double>(before)) / static_cast<double>(sessions);
}

}  // namespace

/// Many sessions that do nothing: what they cost the server, and whether all of them survive.
int idle(arguments& from) {
  constexpr std::uint64_t echo_ms = 20'000;
  const crowd users = crowd::take(from);
  const std::uint64_t sessions = from.take_number("--sessions", 1000, 1, 100'000);
  const std::uint64_t seconds = from.take_number("--seconds", 5, 0, 86'400);
  const std::uint64_t pid = from.take_number("--pid", 0, 1, UINT32_MAX);
  report out("idle", from.take_switch("--json"));
  if (!usable(from)) return 2;
  users.describe(out);
  out.parameter("sessions", sessions);
  out.parameter("seconds", seconds);

  client::event_loop loop;
  std::size_t echoes = 0;
  fleet all(loop, users, [&](std::size_t, const client::pdu& next) {
    if (next.head.command_id == cid::other_heartbeat) ++echoes;
  });
  // The first ones bring in what all of them share, the code of a login above all: they are not counted.
  const std::uint64_t first = std::min<std::uint64_t>(sessions / 2, 100);
  const std::uint64_t began = client::event_loop::now_ns();
  if (const auto in = all.login(first); !in) return cannot(in.why().text);
  const auto before = memory::of(pid);
  if (pid != 0 && !before) return cannot("no process " + std::to_string(pid));
  if (const auto in = all.login(sessions); !in) return cannot(in.why().text);
  out.rate("logins_per_s", sessions, client::event_loop::now_ns() - began);
  out.latency("login", all.login_times());
  loop.run_until([] { return false; }, 1000 * seconds);
  const auto after = memory::of(pid);
  for (std::size_t i = 0; i < all.size(); ++i) all.at(i).line().send(cid::other_heartbeat, 1, std::string_view());
  loop.run_until([&] { return echoes + all.lost() >= sessions; }, echo_ms);

  if (before && after) {
    out.quantity("resident_before", static_cast<double>(before->resident) / 1024, "KiB");
    out.quantity("resident_after", static_cast<double>(after->resident) / 1024, "KiB");
    out.quantity("resident_per_session", per_session(before->resident, after->resident, sessions - first), "bytes");
    if (before->own > 0) {
      out.quantity("private_per_session", per_session(before->own, after->own, sessions - first), "bytes");
    }
  } else {
    out.remark("memory is not measured: say --pid of the server");
  }
  out.count("heartbeats_echoed", echoes);
  out.violations("connections_lost", all.lost());
  out.violations("silent", sessions - std::min<std::size_t>(sessions, echoes + all.lost()));
  if (all.lost() > 0) out.remark("first loss: " + all.loss());
  return out.print();
}

}  // namespace parley::bench
