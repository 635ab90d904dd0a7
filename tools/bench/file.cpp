#include <algorithm>
#include <fstream>

#include "bench/bench.hpp"
#include "bench/file_traffic.hpp"

namespace parley::bench {

namespace {

/// What a bare server is to serve.
int make(const std::string& path, std::uint64_t size) {
  const file_pattern pattern;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  for (std::uint64_t at = 0; at < size && out; at += client::file_block) {
    out << pattern.at(1, at, std::min<std::uint64_t>(client::file_block, size - at));
  }
  out.close();
  return out ? 0 : cannot("cannot write " + path);
}

}  // namespace

/// Closed loop: so many files are always on their way.
int file(arguments& from) {
  constexpr std::size_t transfers_of_a_user = 40;
  const crowd users = crowd::take(from);
  const std::string what = from.take_text("--mode", "relay");
  file_traffic::shape how{};
  how.transfers = from.take_number("--transfers", 16, 1, 10'000);
  how.size = static_cast<std::uint32_t>(from.take_number("--size", 8u << 20, 1, UINT32_MAX));
  how.window = static_cast<std::uint32_t>(from.take_number("--window", 4, 1, 8));
  how.users = from.take_number("--users", std::max<std::uint64_t>(2, how.transfers / transfers_of_a_user), 2, 10'000);
  how.bare = from.take_switch("--bare");
  const std::string made = from.take_text("--make", "");
  how.pid = from.take_number("--pid", 0, 1, UINT32_MAX);
  const std::uint64_t seconds = from.take_number("--seconds", 10, 1, 3600);
  const std::uint64_t warmup = from.take_number("--warmup", 1, 0, 600);
  report out("file", from.take_switch("--json"));
  if (!usable(from)) return 2;
  if (what != "relay" && what != "upload" && what != "download") {
    return cannot("--mode has to be relay, upload or download"), 2;
  }
  if (!made.empty()) return make(made, how.size);
  if (how.bare && what == "upload") return cannot("a bare server takes no uploads"), 2;
  how.what = what == "relay"    ? file_traffic::mode::relay
             : what == "upload" ? file_traffic::mode::upload
                                : file_traffic::mode::download;
  users.describe(out);
  out.parameter("mode", what);
  out.parameter("transfers", how.transfers);
  out.parameter("size", how.size);
  out.parameter("window", how.window);
  out.parameter("seconds", seconds);

  client::event_loop loop;
  file_traffic traffic(loop, users, how);
  if (const auto ready = traffic.prepare(); !ready) return cannot(ready.why().text);
  traffic.start();
  const auto stuck = [&] { return !traffic.broken().empty(); };
  loop.run_until(stuck, 1000 * warmup);
  traffic.start_measuring();
  loop.run_until(stuck, 1000 * seconds);
  traffic.stop_measuring();
  traffic.conclude(out);
  return out.print();
}

}  // namespace parley::bench
