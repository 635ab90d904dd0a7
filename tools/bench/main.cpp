#include <sys/resource.h>
#include <iostream>
#include <string_view>

#include "bench/bench.hpp"

namespace {

constexpr std::string_view help = R"(parley-bench: measures a server, and verifies all that it measures.

  parley-bench logins  [--users 100] [--concurrency 16] [--count 1000] [--seconds 60]
  parley-bench chat    [--pairs 50] [--conversations PAIRS] [--window 8] [--size 100]
                       [--client-msg-id on] [--receipts off] [--seconds 10] [--warmup 1]
                       [--messages 20000000] [--histories 100]
                       [--receivers-at HOST:PORT]
  parley-bench rate    [--rate 1000] and the options of chat but --window and --messages
  parley-bench group   [--members 1000] [--senders 4] [--window 16] [--size 100]
                       [--seconds 10] [--warmup 1]
  parley-bench presence [--sessions 10000] [--part 1000] [--level 1]
  parley-bench file    [--mode relay|upload|download] [--transfers 16] [--size 8388608]
                       [--window 4] [--users TRANSFERS/40] [--seconds 10] [--warmup 1]
                       [--pid SERVER] [--bare] [--make FILE]
  parley-bench media   --url http://HOST:PORT [--mode download|upload] [--connections 16]
                       [--size 102400] [--files 64] [--seconds 10] [--warmup 1]
  parley-bench idle    [--sessions 1000] [--seconds 5] [--pid SERVER]
  parley-bench echo    [--connections 64] [--window 32] [--size 100] [--seconds 5] [--warmup 1]
  parley-bench users   --count N [--prefix bench] [--password secret]

  everywhere           [--server 127.0.0.1:8000] [--json] [--websocket PATH]
                       [--tls] [--ca FILE] [--insecure]
  with logins          [--user-prefix bench] [--password secret] [--login-concurrency 32]

logins  connects, logs in, leaves; again and again
chat    closed loop: each sender keeps WINDOW messages unanswered
rate    open loop: messages leave at fixed times; latency counts from those
group   one group, all members online: SENDERS write, everybody hears everything
presence  PC terminals log in and stay: how many notices that causes, and
        whether the last PART of them log in as fast as the first; as TeamTalk's
        clients with --level 0
file    that many files always on their way, every byte verified: between two who
        are online, to the server, or from it
media   images over HTTP on connections that stay, every byte verified
idle    sessions that do nothing, and what they cost the process --pid
echo    command 0x8001 (plugin echo): no login, no storage
--websocket  over WebSocket; --server is an HTTP listener then
--ca         with TLS, trusting these certificates; --insecure trusts everybody
users   prints the CSV of the users bench1, bench2, ... for 'parleyctl users import'

chat and rate need 2 x PAIRS users, and more with --conversations (half of each
sender's peers then stay away, and their history is checked in the end). A server
limits messages per session by default: start it with PARLEY_MESSAGE_RATE=0; and what
a user may upload: PARLEY_UPLOADS_PER_USER=0B PARLEY_UPLOADS_PER_USER_DAILY=0B.

Ends with 0; 1 when anything was lost, doubled, reordered, damaged or unanswered,
or the benchmark could not run; 2 wrong usage.
)";

struct named {
  std::string_view name;
  parley::bench::command run;
};

constexpr named commands[] = {
    {"logins", parley::bench::logins}, {"chat", parley::bench::chat},         {"rate", parley::bench::rate},
    {"group", parley::bench::group},   {"presence", parley::bench::presence}, {"idle", parley::bench::idle},
    {"file", parley::bench::file},     {"media", parley::bench::media},       {"echo", parley::bench::echo},
    {"users", parley::bench::users},
};

void allow_many_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  if (wanted == "--help" || wanted == "-h" || wanted == "help") {
    std::cout << help;
    return 0;
  }
  for (int i = 2; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--help") {
      std::cout << help;
      return 0;
    }
  }
  for (const auto& [name, run] : commands) {
    if (name != wanted) continue;
    allow_many_descriptors();
    parley::bench::arguments from(argc - 2, argv + 2);
    return run(from);
  }
  std::cerr << (wanted.empty() ? "parley-bench: say what to measure" : "parley-bench: there is no benchmark ") << wanted
            << "; see --help\n";
  return 2;
}
