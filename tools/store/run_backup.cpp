// parleyctl backup DIR: of a running node.
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "import/command_line.hpp"
#include "store/backup.hpp"
#include "store/commands.hpp"
#include "store/mariadb_tools.hpp"
#include "store/report.hpp"
#include "store/snapshot.hpp"
#include "store/trouble.hpp"
#include "tools/parleyctl/control_client.hpp"

namespace parley::store {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

constexpr const char* usage =
    "usage: parleyctl [--socket PATH] backup DIRECTORY [--sql URL] [--links] [--json]\n"
    "\n"
    "Copies what a running node keeps into a new directory: its database as it is at one moment, and the files of its\n"
    "plugins. Clients notice nothing. What was acked before it began is in it.\n"
    "  --sql URL   the node's database, when it is a MariaDB, with its password; without it $PARLEY_SQL. It is dumped "
    "by\n"
    "              mariadb-dump\n"
    "  --links     files as hard links, where the directory is on their file system: takes no room, and is no help "
    "when\n"
    "              that file system is lost\n"
    "  --json      what was done, as JSON\n"
    "\n"
    "Exit status: 0 done, 1 failed on the way: remove the directory, 2 cannot begin or wrong usage.\n";

constexpr int most_snapshots = 5;
constexpr std::size_t named_missing = 20;

struct options {
  std::string socket, directory, sql;
  bool links = false, json = false, help = false;
};

options read(const std::vector<std::string>& words) {
  options o;
  teamtalk::read_command_line(
      words,
      {{"--socket", &o.socket}, {"--sql", &o.sql}, {"--links", &o.links}, {"--json", &o.json}, {"--help", &o.help}},
      &o.directory);
  if (o.directory.empty() && !o.help) throw trouble("name the directory to make; see --help");
  teamtalk::take_from_environment(o.sql, "PARLEY_SQL");
  return o;
}

json ask_node(const std::string& socket) {
  const auto answer = parleyctl::control_client(socket).request("store", json::object(), [](const json&) {});
  if (!answer.value("ok", false)) throw trouble(answer.value("error", std::string("the node said no")));
  return answer.at("result");
}

std::uint64_t seconds_now() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

class backup {
 public:
  explicit backup(const options& o) : options_(o), facts_(ask_node(o.socket)) {}

  void run() {
    for (const auto& one : facts_.at("databases")) {
      if (one.at("kind") == "mysql" && !options_.sql.starts_with("mysql:")) {
        throw trouble("the node's database is " + one.at("url").get<std::string>() +
                      ": name it with its password by --sql URL or PARLEY_SQL");
      }
    }
    make_directory();
    about_ = {{"format", backup_format},
              {"node", facts_.at("node")},
              {"version", facts_.at("version")},
              {"began", seconds_now()},
              {"ended", 0},
              {"data", facts_.at("data")},
              {"databases", json::array()},
              {"trees", json::array()}};
    // Most of the files first, so that little is left for after the snapshot, when some may be on their way out.
    for (std::size_t i = 0; i < facts_.at("trees").size(); ++i) copy_files(i);
    databases();
    finish();
  }
  const json& about() const { return about_; }
  report& out() { return report_; }

 private:
  std::string place(const std::string& below) const { return options_.directory + "/" + below; }

  void make_directory() {
    std::error_code failed;
    if (fs::exists(options_.directory, failed)) throw trouble(options_.directory + " is there already: name a new one");
    fs::create_directories(fs::absolute(options_.directory).parent_path(), failed);
    if (mkdir(options_.directory.c_str(), 0700) != 0 || !fs::create_directory(place("sql"), failed) ||
        !fs::create_directory(place("trees"), failed)) {
      throw trouble("cannot make " + options_.directory + ": check its file system and your rights");
    }
  }

  void copy_files(std::size_t number) {
    const auto& tree = facts_.at("trees").at(number);
    const auto from = tree.at("path").get<std::string>();
    std::error_code failed;
    if (!fs::is_directory(from, failed)) return;
    report_.say("files of " + tree.at("plugin").get<std::string>() + " ...");
    copy_tree(from, place("trees/" + std::to_string(number)), options_.links && !tree_changes(tree));
  }
  /// Unfinished files of this plugin grow under their names.
  static bool tree_changes(const json& tree) { return tree.at("plugin") == "file"; }

  /// Rows of the snapshot whose files are not in the copy; a file may have gone together with its row between the two
  /// looks at its tree. The next snapshot has that row no more.
  std::vector<told_file> missing(const std::string& snapshot) {
    return missing_files(
        snapshot,
        [&](const told_file& one) {
          for (std::size_t i = 0; i < facts_.at("trees").size(); ++i) {
            const auto& tree = facts_.at("trees").at(i);
            if (tree.at("plugin") != one.plugin) continue;
            const auto root = place("trees/" + std::to_string(i));
            const bool in_files = one.plugin == "msfs" && tree.at("own").get<bool>();
            std::error_code failed;
            if (fs::exists(root + (in_files ? "/files/" : "/") + one.path, failed)) return true;
          }
          return false;
        },
        named_missing);
  }

  void databases() {
    std::size_t number = 0;
    for (const auto& one : facts_.at("databases")) {
      const auto name = "sql/" + std::to_string(number++);
      json entry = one;
      if (one.at("kind") == "sqlite") {
        entry["file"] = name + ".db";
        sqlite(one.at("path"), place(name + ".db"), entry);
      } else {
        entry["file"] = name + ".sql";
        report_.say("dumping " + one.at("url").get<std::string>() + " ...");
        dump_database(options_.sql, place(name + ".sql"));
        for (std::size_t i = 0; i < facts_.at("trees").size(); ++i) copy_files(i);
      }
      entry["sha256"] = sha256_of(place(entry["file"]));
      about_["databases"].push_back(std::move(entry));
    }
  }

  void sqlite(const std::string& database, const std::string& to, json& entry) {
    json before;
    for (int attempt = 1;; ++attempt) {
      report_.say("database " + database + " ...");
      take_snapshot(database, to, [&](int done, int of) {
        report_.progress("pages of the database", static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(of));
      });
      for (std::size_t i = 0; i < facts_.at("trees").size(); ++i) copy_files(i);
      json names = json::array();
      for (const auto& file : missing(to)) names.push_back(file.plugin + ": " + file.path);
      if (names.empty()) break;
      if (names == before || attempt == most_snapshots) {
        entry["rows_without_file"] = std::move(names);  // the node has them no more than the backup
        break;
      }
      before = std::move(names);
      fs::remove(to);
    }
    if (const auto wrong = check_database(to); !wrong.empty()) throw trouble(to + ": " + wrong, interrupted);
  }

  void finish() {
    std::uint64_t files = 0, bytes = 0;
    for (std::size_t i = 0; i < facts_.at("trees").size(); ++i) {
      const auto name = "trees/" + std::to_string(i);
      const auto list = list_tree(place(name));
      for (const auto& [path, size] : list) ++files, bytes += size;
      write_list(place(name + ".files"), list);
      json entry = facts_.at("trees").at(i);
      entry["files"] = name;
      about_["trees"].push_back(std::move(entry));
    }
    about_["files"] = files;
    about_["file_bytes"] = bytes;
    about_["ended"] = seconds_now();
    sync_path(place("sql"));
    sync_path(place("trees"));
    write_synced(place("backup.json"), about_.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
    sync_path(fs::absolute(options_.directory).parent_path().string());
  }

  const options& options_;
  const json facts_;
  json about_;
  report report_;
};

}  // namespace

int make_backup(const std::vector<std::string>& words, const std::string&) {
  const auto o = read(words);
  if (o.help) {
    std::fputs(usage, stdout);
    return done;
  }
  backup work(o);
  work.run();
  for (const auto& one : work.about().at("databases")) {
    if (!one.contains("rows_without_file")) continue;
    work.out().say("rows whose files were not there: " + one.at("rows_without_file").dump());
  }
  for (const char* key : {"node", "began", "ended", "files", "file_bytes"}) work.out().set(key, work.about().at(key));
  work.out().set("directory", o.directory);
  work.out().print(o.json);
  return done;
}

}  // namespace parley::store
