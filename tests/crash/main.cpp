// crash-check: kills a real parleyd again and again while clients talk, and then looks whether it kept its word.
#include <poll.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>

#include "crash/unsynced_log.hpp"
#include "crash/verify.hpp"
#include "support/database.hpp"
#include "support/server.hpp"

namespace {

using namespace parley;
using test::milliseconds;
using test::steady;

struct options {
  unsigned rounds = 5;
  unsigned seconds = 60;
  unsigned clients = 6;
  unsigned window = 16;
  unsigned seed = std::random_device{}();
  bool power_loss = false;
  bool lying_disk = false;
};

constexpr const char* usage_text =
    "usage: crash-check [--rounds N] [--seconds N] [--clients N] [--window N] [--seed N] [--power-loss] "
    "[--lying-disk]\n"
    "\n"
    "Kills and restarts parleyd on the same data, N times or until the seconds are over, under the load of N clients "
    "that\n"
    "each have up to `window` messages open to both their neighbours. Then every acked message must be stored once, "
    "under\n"
    "its id, with its text, ids must have no gaps, and a resend must get its first ack. Exit status: 0 kept, 1 "
    "broken.\n"
    "\n"
    "  --power-loss   each kill also takes away all that was written and not synced\n"
    "  --lying-disk   the same, but syncing does not help: has to fail, which shows that --power-loss would notice\n";

options read_options(int argc, char** argv) {
  options out;
  const std::pair<const char*, unsigned*> known[] = {{"--rounds", &out.rounds},
                                                     {"--seconds", &out.seconds},
                                                     {"--clients", &out.clients},
                                                     {"--window", &out.window},
                                                     {"--seed", &out.seed}};
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--power-loss" || word == "--lying-disk") {
      out.power_loss = true;
      out.lying_disk = out.lying_disk || word == "--lying-disk";
      continue;
    }
    const auto* found =
        std::find_if(std::begin(known), std::end(known), [&](const auto& k) { return !std::strcmp(k.first, argv[i]); });
    if (found == std::end(known) || i + 1 == argc) {
      std::fputs(usage_text, std::strcmp(argv[i], "--help") ? stderr : stdout);
      std::exit(std::strcmp(argv[i], "--help") ? 2 : 0);
    }
    *found->second = static_cast<unsigned>(std::strtoul(argv[++i], nullptr, 10));
  }
  out.clients = std::max(3u, out.clients);
  return out;
}

void rest(unsigned ms) {
  poll(nullptr, 0, static_cast<int>(ms));
}

/// Kills and, when asked to, takes away what was not synced.
class executioner {
 public:
  explicit executioner(const options& o) : o_(o) {}

  std::map<std::string, std::string> environment() const {
    if (!o_.power_loss) return {};
    std::map<std::string, std::string> out{{"LD_PRELOAD", PARLEY_UNSYNCED}, {"PARLEY_UNDO", undo_.path().string()}};
    if (o_.lying_disk) out["PARLEY_UNDO_LIE"] = "1";
    return out;
  }
  void kill(test::server& node) {
    node.kill9();
    if (o_.power_loss) lost_ += crash::lose_unsynced(undo_.path().string());
  }
  std::size_t lost() const { return lost_; }

 private:
  const options& o_;
  test::temp_dir undo_;
  std::size_t lost_ = 0;
};

/// Down, and up again; now and then it is killed while it starts.
void crash(test::server& node, crash::stage& stage, std::mt19937& random, executioner& by) {
  stage.port = 0;
  by.kill(node);
  if (random() % 3 == 0) {
    node.spawn();
    rest(random() % 120);
    by.kill(node);
  }
  node.start();
  stage.port = node.pdu_port();
}

int play(const options& o) {
  std::printf("crash-check: seed %u, %u clients, window %u, %u rounds, at most %u s\n", o.seed, o.clients, o.window,
              o.rounds, o.seconds);
  std::mt19937 random(o.seed);
  const auto until = steady::now() + std::chrono::seconds(o.seconds);
  executioner by(o);
  test::temp_dir data;
  crash::stage stage;
  stage.window = o.window;
  {
    test::server before({.data = data.path().string()});  // the users are there whatever a lying disk forgets
    for (unsigned i = 0; i < o.clients; ++i) {
      stage.names.push_back("talker" + std::to_string(i));
      stage.ids.push_back(before.add_user(stage.names.back()));
    }
    before.terminate();
  }
  test::server node({.environment = by.environment(), .data = data.path().string()});
  stage.port = node.pdu_port();
  std::vector<std::unique_ptr<crash::talker>> talkers;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < o.clients; ++i) talkers.push_back(std::make_unique<crash::talker>(stage, i, o.seed));
  for (auto& one : talkers)
    threads.emplace_back([&stage, &one] {
      try {
        one->run();
      } catch (const std::exception& e) {
        stage.complain(std::string("a talker gave up: ") + e.what());
      }
    });
  const auto end_threads = [&] {
    stage.over = true;
    for (auto& thread : threads) thread.join();
    threads.clear();
  };

  unsigned kills = 0;
  try {
    for (; kills < o.rounds && steady::now() < until; ++kills) {
      const unsigned life = 150 + random() % 850;
      rest(life);
      crash(node, stage, random, by);
      std::printf("kill %u after %u ms: %llu acked, %zu bytes taken away so far\n", kills + 1, life,
                  static_cast<unsigned long long>(stage.acked), by.lost());
      std::fflush(stdout);
    }
    rest(300);
    stage.talking = false;
    const auto patience = steady::now() + test::patience(milliseconds(30000));
    const auto quiet = [&] {
      return std::all_of(talkers.begin(), talkers.end(), [](const auto& t) { return t->finished(); });
    };
    while (!quiet() && steady::now() < patience) rest(20);
  } catch (...) {
    end_threads();
    throw;
  }
  end_threads();

  const auto seen = crash::verify(stage, talkers, node.pdu_port());
  if (const auto end = node.terminate(); end.code != 0) stage.complain("it ended with " + std::to_string(end.code));
  const auto sound = test::database(test::database::find(node.data())).run("PRAGMA integrity_check");
  if (sound != "ok") stage.complain("the database is damaged: " + sound);

  std::size_t resent = 0;
  for (const auto& one : talkers) resent += one->resent();
  const auto complaints = stage.complaints();
  for (std::size_t i = 0; i < complaints.size() && i < 20; ++i) std::printf("BROKEN: %s\n", complaints[i].c_str());
  std::printf(
      "%zu messages in %zu conversation views, %zu resent, %zu pushes, %zu resends asked, %u kills: %zu broken "
      "promises\n",
      seen.messages, seen.conversations, resent, seen.pushes, seen.resends_asked, kills, complaints.size());
  if (!complaints.empty())
    std::printf("again with: crash-check --seed %u\n---- log\n%s\n", o.seed, test::last_lines(node.log(), 20).c_str());
  return complaints.empty() && seen.messages > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return play(read_options(argc, argv));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "crash-check: %s\n", e.what());
    return 1;
  }
}
