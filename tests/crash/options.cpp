#include "crash/options.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace parley::crash {
namespace {

std::string help() {
  std::string out =
      "usage: crash-check [OPTION...]\n"
      "\n"
      "Clients talk to a real parleyd while things break: nodes, disks, clocks, databases. Everything they sent and "
      "saw is\n"
      "kept, and in the end compared with the history: every acked message is there once under its id, ids have no "
      "gaps,\n"
      "all readers see one order, pushes and pages agree with it, a resend gets its first ack, nothing is invented. "
      "A\n"
      "third of the messages goes to groups, where the same holds for all members, and nobody else is told anything. "
      "It\n"
      "goes from episode to episode, each on an empty database with a seed of its own.\n"
      "\n"
      "  --seed N        of the first episode, the next has N + 1 ... (default: random, printed)\n"
      "  --minutes N     begins no episode later than this (default 3; 600 for a night)\n"
      "  --episodes N    so many instead, 1 to repeat one\n"
      "  --rounds N      faults per episode (default 10)\n"
      "  --clients N     users who talk, every third with two terminals (default 6)\n"
      "  --messages N    that a terminal says in an episode, at most (default 20000)\n"
      "  --faults A,B    of those below (default: all that suit the database and this build)\n"
      "  --database X    sqlite, mariadb, or all: in turn by seed (default sqlite)\n"
      "  --nodes N       parleyd processes on one MariaDB (default 1)\n"
      "  --cluster ExL   E edges and L logic nodes as in config/cluster, on one MariaDB and Redis; clients of edges "
      "that live\n"
      "                  have to stay connected\n"
      "  --resume MS     how long a terminal may wait for an ack where other nodes can take over (default: any time)\n"
      "  --sabotage X    lying_disk, synchronous_off or no_commit_lookup: breaks a promise; the check has to find it\n"
      "  --must-find X   succeeds only if one of these promises (X,Y ...) was found broken\n"
      "  --keep DIR      leaves histories and logs of broken episodes there\n"
      "  --json          the result as JSON on standard output; progress goes to standard error\n"
      "\n"
      "Exit status: 0 kept (or found what it must), 1 broken (or not found), 2 usage, 3 it could not be played.\n"
      "\n"
      "Faults:\n";
  for (const auto& one : fault_kinds()) {
    out += "  " + std::string(one.name) + std::string(19 - one.name.size(), ' ') + std::string(one.text) + "\n";
  }
  out += "\nPromises:";
  for (const auto name : promise_names()) out += " " + std::string(name);
  return out + "\n";
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

class parser {
 public:
  explicit parser(options& out) : out_(out) {}

  /// A sentence when it does not fit.
  std::string take(const std::string& name, const std::string& value) {
    const std::map<std::string, std::uint32_t*> numbers = {
        {"--minutes", &out_.minutes}, {"--episodes", &out_.episodes}, {"--rounds", &out_.rounds},
        {"--clients", &out_.clients}, {"--messages", &out_.messages}, {"--nodes", &out_.nodes},
        {"--resume", &out_.resume_ms}};
    if (name == "--seed") return number(name, value, out_.seed);
    if (const auto found = numbers.find(name); found != numbers.end()) return number(name, value, *found->second);
    if (name == "--faults") return faults(value);
    if (name == "--database") return database(value);
    if (name == "--cluster") return cluster(value);
    if (name == "--sabotage") return break_promise(value);
    if (name == "--must-find") return must_find(value);
    if (name == "--keep") return out_.keep = value, "";
    return "unknown option " + name;
  }

 private:
  template <class Number>
  std::string number(const std::string& name, const std::string& text, Number& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole ? "" : name + " wants a number, not " + text;
  }
  std::string faults(const std::string& text) {
    for (const auto& name : split(text)) {
      const auto* found = find_fault(name);
      if (!found) return "no fault is called " + name;
      out_.faults.push_back(found->which);
    }
    return out_.faults.empty() ? "--faults wants names" : "";
  }
  std::string database(const std::string& text) {
    if (text == "all") return out_.databases = {database_kind::sqlite, database_kind::mariadb}, "";
    if (text != "sqlite" && text != "mariadb") return "--database is sqlite, mariadb or all, not " + text;
    out_.databases = {text == "sqlite" ? database_kind::sqlite : database_kind::mariadb};
    return "";
  }
  std::string cluster(const std::string& text) {
    std::uint32_t logics = 0;
    const auto cross = std::min(text.find('x'), text.size());
    const auto wrong = number("--cluster", text.substr(0, cross), out_.edges) +
                       number("--cluster", text.substr(std::min(cross + 1, text.size())), logics);
    if (!wrong.empty() || out_.edges == 0 || logics == 0) return "--cluster wants edges and logic nodes, 2x2 say";
    out_.nodes = out_.edges + logics;
    return "";
  }
  std::string break_promise(const std::string& text) {
    const std::map<std::string, sabotage> known = {{"lying_disk", sabotage::lying_disk},
                                                   {"synchronous_off", sabotage::synchronous_off},
                                                   {"no_commit_lookup", sabotage::no_commit_lookup}};
    const auto found = known.find(text);
    if (found == known.end()) return "no sabotage is called " + text;
    out_.broken = found->second;
    return "";
  }
  std::string must_find(const std::string& text) {
    for (const auto& name : split(text)) {
      const auto* found = find_promise(name);
      if (!found) return "no promise is called " + name;
      out_.must_find.push_back(*found);
    }
    return "";
  }

  options& out_;
};

std::string contradiction(const options& o) {
  if (o.rounds == 0 || o.messages == 0) return "--rounds and --messages are at least 1";
  if (o.nodes == 0 || o.nodes > 8) return o.edges > 0 ? "--cluster has at most 8 nodes" : "--nodes is 1 to 8";
  const bool sqlite = std::find(o.databases.begin(), o.databases.end(), database_kind::sqlite) != o.databases.end();
  if (o.nodes > 1 && sqlite) {
    return std::string(o.edges > 0 ? "--cluster" : "--nodes") +
           " wants --database mariadb: an SQLite file belongs to one node";
  }
  for (const auto which : o.faults) {
    const auto& kind = kind_of(which);
    if (kind.what == needs::mariadb && o.databases == std::vector{database_kind::sqlite}) {
      return std::string(kind.name) + " wants --database mariadb";
    }
    if (kind.what == needs::cluster && o.edges == 0) return std::string(kind.name) + " wants --cluster";
    if (kind.what == needs::sqlite && !sqlite) return std::string(kind.name) + " wants --database sqlite";
  }
  return {};
}

}  // namespace

std::string_view name_of(database_kind which) {
  return which == database_kind::sqlite ? "sqlite" : "mariadb";
}

std::variant<options, usage> read_options(const std::vector<std::string>& arguments, std::uint64_t random_seed) {
  options out;
  out.seed = random_seed;
  parser words(out);
  std::string wrong;
  for (std::size_t i = 0; i < arguments.size() && wrong.empty(); ++i) {
    const auto& word = arguments[i];
    if (word == "--help") return usage{help(), 0};
    if (word == "--json") {
      out.json = true;
    } else if (i + 1 == arguments.size()) {
      wrong = word + " is unknown or wants a value";
    } else {
      wrong = words.take(word, arguments[++i]);
    }
  }
  if (wrong.empty()) wrong = contradiction(out);
  if (wrong.empty()) return out;
  return usage{"crash-check: " + wrong + "; see crash-check --help\n", 2};
}

}  // namespace parley::crash
