// parleyctl: the operator's hand on a running node.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "tools/parleyctl/arguments.hpp"
#include "tools/parleyctl/check_plugin.hpp"
#include "tools/parleyctl/control_client.hpp"
#include "tools/parleyctl/crashes.hpp"
#include "tools/parleyctl/make_certificate.hpp"
#include "tools/parleyctl/new_plugin.hpp"
#include "tools/parleyctl/node_schema.hpp"
#include "tools/parleyctl/record.hpp"
#include "tools/parleyctl/replay.hpp"
#include "tools/parleyctl/table.hpp"
#include "tools/parleyctl/tap.hpp"
#include "tools/parleyctl/top.hpp"
#include "tools/parleyctl/torture.hpp"

namespace {

using json = nlohmann::ordered_json;

constexpr const char* usage_text =
    "usage: parleyctl [--socket PATH] [--json] VERB [ARGUMENT...]\n"
    "       parleyctl new-plugin NAME [--dir DIRECTORY] [--command 0x8200]   write a plugin of your own\n"
    "       parleyctl check-plugin FILE.so                                   what a host will say to it\n"
    "       parleyctl make-certificate DIRECTORY [--name HOST]... [--days N]   for development: signed by itself\n"
    "       parleyctl record FILE [--session ID]... [--user ID]... [--limit 64MiB]   PDUs into a file, without "
    "passwords\n"
    "       parleyctl replay FILE [--logins FILE] [--ignore FIELD]... [--exact]       the same again, answers "
    "compared\n"
    "\n"
    "Talks to a node's control socket: --socket PATH, else $PARLEY_DATA/parleyd.sock, else ./data/parleyd.sock.\n"
    "  --json           the answer as JSON, for scripts\n"
    "  --data DIR       where crashes are looked for, else where the socket is\n"
    "  --protoset FILE  descriptor set of Parley's messages, in place of the kit's\n"
    "  --help           this text and, when a node answers, its verbs\n"
    "\n"
    "parleyctl import-teamtalk --help   take a TeamTalk deployment over; needs no node\n"
    "parleyctl copy-store --help        from SQLite to MariaDB, or back; needs no node\n"
    "parleyctl backup --help            what a running node keeps, into a directory\n"
    "parleyctl restore --help           and back, where no node runs\n"
    "\n"
    "Exit status: 0 done, 1 the node said no, 2 wrong usage or no node.\n";

struct options {
  std::string socket;
  std::string protoset;
  std::string data;
  bool as_json = false;
  bool help = false;
  std::vector<std::string> words;
};

options read_options(int argc, char** argv) {
  options o;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    auto value = [&] {
      if (++i >= argc) throw std::runtime_error(word + " needs a value");
      return std::string(argv[i]);
    };
    if (word == "--socket")
      o.socket = value();
    else if (word == "--protoset")
      o.protoset = value();
    else if (word == "--data" && o.words.empty())
      o.data = value();
    else if (word == "--json")
      o.as_json = true;
    else if (word == "--help" && o.words.empty())
      o.help = true;
    else
      o.words.push_back(word);
  }
  if (o.socket.empty()) {
    const char* data = std::getenv("PARLEY_DATA");
    o.socket = std::string(data && *data ? data : "./data") + "/parleyd.sock";
  }
  if (o.data.empty()) o.data = std::filesystem::path(o.socket).parent_path().string();
  return o;
}

json ask(const options& o, const std::string& verb, const json& args, const std::function<void(const json&)>& each) {
  return parleyctl::control_client(o.socket).request(verb, args, each);
}

json verbs_of(const options& o) {
  auto answer = ask(o, "verbs", json::object(), [](const json&) {});
  return answer.value("result", json::array());
}

int run_tap(const options& o) {
  const auto known = parleyctl::schema_of_node(o.socket, o.protoset);
  ask(o, "tap", json::object(), [&](const json& line) {
    if (o.as_json) {
      std::cout << line.dump() << std::endl;
    } else if (line.contains("tap")) {
      std::cout << parleyctl::tap_line(known, line["tap"]) << std::endl;
    } else if (line.contains("lost")) {
      std::cout << "(" << line["lost"] << " PDUs not shown: this terminal is too slow)" << std::endl;
    }
  });
  return 0;
}

/// A program beside this one: it brings a database's client, which nothing else here needs.
int run_beside(const options& o, const std::string& name, std::vector<std::string> words) {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path() / name;
  words.insert(words.begin(), program.string());
  if (o.as_json) words.push_back("--json");
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(program.c_str(), arguments.data());
  throw std::runtime_error("cannot start " + program.string() + ": " + std::strerror(errno) +
                           "; it is built and installed beside parleyctl");
}

/// Needs no node.
int run_crashes(const options& o) {
  if (o.words.size() > 2 || (o.words.size() == 2 && o.words[1].starts_with("--")))
    throw std::runtime_error("usage: parleyctl [--data DIR] [--json] crashes [RECORD | last]");
  const auto directory = o.data + "/crash";
  if (o.words.size() == 1) {
    const auto rows = parleyctl::crash_table(directory);
    std::cout << (o.as_json ? rows.dump(2) + "\n" : parleyctl::render(rows));
    return 0;
  }
  const auto details = parleyctl::crash_details(directory, o.words[1]);
  std::cout << (o.as_json ? details.dump(2) + "\n" : parleyctl::crash_text(details));
  return 0;
}

/// A table that is drawn anew each second until Ctrl-C, or once over one second.
int run_top(const options& o) {
  bool once = false;
  int seconds = 1;
  for (std::size_t i = 1; i < o.words.size(); ++i) {
    if (o.words[i] == "--once") {
      once = true;
    } else if (o.words[i] == "--interval" && i + 1 < o.words.size()) {
      seconds = std::clamp(std::atoi(o.words[++i].c_str()), 1, 3600);
    } else {
      throw std::runtime_error("usage: parleyctl [--json] top [--once] [--interval SECONDS]");
    }
  }
  const auto answer = [&] {
    auto said = ask(o, "accounts", json::object(), [](const json&) {});
    if (!said.value("ok", false)) throw std::runtime_error(said.value("error", std::string("the node said no")));
    return said["result"];
  };
  auto before = answer();
  for (;;) {
    poll(nullptr, 0, seconds * 1000);
    auto now = answer();
    const auto between = parleyctl::top_between(before, now);
    if (o.as_json) {
      std::cout << between.dump(once ? 2 : -1) << std::endl;
    } else {
      std::cout << (once ? "" : "\x1b[H\x1b[2J") << parleyctl::top_text(between) << std::flush;
    }
    if (once) return 0;
    before = std::move(now);
  }
}

int run(const options& o) {
  if (o.help || o.words.empty()) {
    std::cout << usage_text;
    try {
      std::cout
          << "\nverbs of the node on " << o.socket << ":\n"
          << parleyctl::help(verbs_of(o)) << "  tap  PDUs as they pass, decoded\n"
          << "  torture PLUGIN [--reloads N] [--every MS] [--traffic COMMAND]  reload it under traffic, and count\n"
          << "  crashes [RECORD | last]  what crashed, where\n"
          << "  top [--once] [--interval SECONDS]  refreshed until Ctrl-C\n";
    } catch (const std::exception&) {
    }
    return o.help ? 0 : 2;
  }
  if (o.words.front() == "import-teamtalk") {
    return run_beside(o, "parley-import", {o.words.begin() + 1, o.words.end()});
  }
  if (o.words.front() == "copy-store") return run_beside(o, "parley-store", o.words);
  if (o.words.front() == "backup" || o.words.front() == "restore") {
    auto words = o.words;
    words.insert(words.begin() + 1, {"--socket", o.socket});
    return run_beside(o, "parley-store", std::move(words));
  }
  if (o.words.front() == "tap") return run_tap(o);
  if (o.words.front() == "torture") return parleyctl::torture(o.socket, o.words, o.as_json);
  if (o.words.front() == "crashes") return run_crashes(o);
  if (o.words.front() == "top") return run_top(o);
  const std::vector<std::string> rest(o.words.begin() + 1, o.words.end());
  if (o.words.front() == "record") return parleyctl::record(o.socket, o.protoset, rest);
  if (o.words.front() == "replay") return parleyctl::replay(o.socket, o.protoset, rest);
  if (o.words.front() == "check-plugin") return parleyctl::check_plugin(rest, o.as_json);
  if (o.words.front() == "make-certificate") {
    std::cout << parleyctl::make_certificate(rest);
    return 0;
  }
  if (o.words.front() == "new-plugin") {
    std::cout << parleyctl::new_plugin(rest);
    return 0;
  }
  const auto command = parleyctl::parse(o.words, verbs_of(o));
  const auto answer = ask(o, command.verb, command.args, [](const json& line) {
    if (line.contains("progress")) std::cerr << parleyctl::safe(line["progress"].get<std::string>()) << std::endl;
  });
  if (!answer.value("ok", false)) {
    if (o.as_json) std::cout << answer.dump() << "\n";
    std::cerr << "parleyctl: " << parleyctl::safe(answer.value("error", std::string("the node said no"))) << "\n";
    return 1;
  }
  const auto result = answer.value("result", json());
  std::cout << (o.as_json ? result.dump(2) + "\n" : parleyctl::render(result));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(read_options(argc, argv));
  } catch (const std::exception& e) {
    std::cerr << "parleyctl: " << e.what() << "\n";
    return 2;
  }
}
