#include "crash/episode.hpp"

#include <algorithm>
#include <fstream>

#include "crash/faults/faults.hpp"
#include "crash/workload/company.hpp"
#include "crash/workload/last_look.hpp"

namespace parley::crash {
namespace {

using test::steady;

std::vector<fault> faults_for(const options& o, database_kind database) {
  std::vector<fault> out;
  for (const auto& kind : fault_kinds()) {
    const bool wanted = o.faults.empty() || std::find(o.faults.begin(), o.faults.end(), kind.which) != o.faults.end();
    const bool fits = kind.what == needs::nothing ||
                      (kind.what == needs::sqlite && database == database_kind::sqlite) ||
                      (kind.what == needs::mariadb && database == database_kind::mariadb) ||
                      (kind.what == needs::cluster && o.edges > 0);
    const bool can = (!kind.with_shim || shim_exists()) && (kind.which != fault::partition || wants_network(o));
    if (wanted && fits && can) out.push_back(kind.which);
  }
  if (out.empty()) throw test::failure("no fault is left that suits " + std::string(name_of(database)));
  return out;
}

/// Waits until new messages are acked again; nothing when none came.
std::optional<std::uint64_t> wait_for_acks(const stage& on) {
  const auto before = on.acked.load();
  const auto from = steady::now();
  const auto until = from + test::patience(test::milliseconds(60000));
  while (steady::now() < until) {
    if (on.acked > before || on.speaking == 0) {
      return static_cast<std::uint64_t>(std::chrono::duration_cast<test::milliseconds>(steady::now() - from).count());
    }
    rest(2);
  }
  return std::nullopt;
}

void begin_pulses(stage& on) {
  for (auto& one : on.pulses) one.begin(on.now_ns());
}

/// The longest silence of a terminal since begin_pulses(), up to its first ack after now; but of none whose node was
/// out of reach.
std::uint64_t longest_silence(stage& on, int alone) {
  const auto now = on.now_ns();
  const auto until = steady::now() + test::patience(test::milliseconds(30000));
  std::int64_t longest = 0;
  for (auto& one : on.pulses) {
    const bool counts = one.node != alone || alone < 0;
    while (counts && one.speaking && one.last_ns() < now && steady::now() < until) rest(2);
    if (!counts || !one.speaking) continue;
    longest = std::max({longest, one.longest_ns(), one.last_ns() < now ? on.now_ns() - one.last_ns() : 0});
  }
  return static_cast<std::uint64_t>(longest / 1'000'000);
}

/// False when nothing is acked any more.
bool play_step(const options& o, stage& on, scene& set, const step& next, episode_result& out,
               void (*say)(const std::string&)) {
  rest(next.life_ms);
  set.watch();
  const auto name = std::string(kind_of(next.which).name);
  begin_pulses(on);
  const auto did = strike(set, next);
  if (kind_of(next.which).felt) begin_pulses(on);
  auto& counted = out.faults[next.which];
  ++counted.times;
  counted.bites += did.amount;
  const auto healed = wait_for_acks(on);
  if (healed) counted.healed_ms.push_back(*healed);
  std::string waited;
  if (healed && o.edges > 0) {
    const auto silent = longest_silence(on, did.alone);
    counted.silent_ms.push_back(silent);
    waited = "nobody waited longer than " + std::to_string(silent) + " ms, ";
    if (o.resume_ms > 0 && silent > o.resume_ms) {
      on.complain("a terminal had no ack for " + std::to_string(silent) + " ms: " + name + ", " + did.text);
    }
  }
  say("  after " + std::to_string(next.life_ms) + " ms " + name + ": " + did.text +
      (healed ? "; acks again after " + std::to_string(*healed) + " ms, " : "; NO ACK ANY MORE, ") + waited +
      std::to_string(on.acked) + " so far");
  if (!healed) on.complain("no new message was acked after " + name + " had been mended");
  return healed.has_value();
}

void settle(stage& on) {
  on.talking = false;
  const auto until = steady::now() + test::patience(test::milliseconds(90000));
  while (on.open > 0 && steady::now() < until) rest(10);
  if (on.open > 0) on.complain(std::to_string(on.open) + " messages got no ack after all had been mended");
}

void keep_evidence(const std::string& directory, std::uint64_t seed, const history& all, const std::string& log) {
  std::filesystem::create_directories(directory);
  const auto base = directory + "/" + std::to_string(seed);
  std::ofstream lines(base + ".history");
  for (const auto& who : all.terminals) {
    for (const auto& one : who.lines) lines << describe(who, one) << '\n';
  }
  test::write_file(base + ".log", log);
}

}  // namespace

episode_result play_episode(const options& o, std::uint64_t seed, void (*say)(const std::string&)) {
  episode_result out;
  out.seed = seed;
  out.database = o.databases[seed % o.databases.size()];
  const auto plan = make_plan(seed, faults_for(o, out.database), o.rounds, o.nodes);
  const auto who = make_cast(seed, o.clients, o.messages);
  say("episode: seed " + std::to_string(seed) + ", " + std::string(name_of(out.database)) + ", " +
      (o.edges > 0 ? std::to_string(o.edges) + " edges, " + std::to_string(o.nodes - o.edges) + " logic nodes, "
                   : std::to_string(o.nodes) + (o.nodes == 1 ? " node, " : " nodes, ")) +
      std::to_string(who.roles.size()) + " terminals, " + std::to_string(plan.size()) + " faults");

  stage on;
  scene set(o, out.database, on, who);
  company actors(on, who, seed);
  try {
    for (const auto& next : plan) {
      if (on.speaking == 0) say("  all is said; --messages allows for more");
      if (on.speaking == 0 || !play_step(o, on, set, next, out, say)) break;
    }
    set.mend();
    settle(on);
    auto all = actors.end();
    last_look(on, all, 100);
    set.close();
    out.judged = check(all);
    if (!o.keep.empty() && !(out.judged.violations.empty() && on.complaints().empty())) {
      keep_evidence(o.keep, seed, all, set.log());
    }
  } catch (const test::failure& e) {
    on.complain(std::string("something did not come back: ") + e.what());
  }
  out.acked = on.acked;
  out.dropped = on.dropped;
  out.complaints = on.complaints();
  if (out.broken()) out.log_end = test::last_lines(set.log(), 20);
  return out;
}

}  // namespace parley::crash
