// parleyctl restore DIR: for a node that does not run.
#include <cstdio>
#include <filesystem>

#include "host/node/data_lock.hpp"
#include "import/command_line.hpp"
#include "store/backup.hpp"
#include "store/catalog.hpp"
#include "store/commands.hpp"
#include "store/in_use.hpp"
#include "store/mariadb_tools.hpp"
#include "store/report.hpp"
#include "store/snapshot.hpp"
#include "store/trouble.hpp"

namespace parley::store {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

constexpr const char* usage =
    "usage: parleyctl restore BACKUP [--data DIR] [--sql URL] [--replace] [--check] [--json]\n"
    "\n"
    "Puts back what parleyctl backup has copied, where no node runs.\n"
    "  --data DIR   the data directory to fill; without it $PARLEY_DATA, else that of the node that was backed up. "
    "What\n"
    "               lay outside of it (a database, a plugin's directory) goes where it was\n"
    "  --sql URL    an empty database, when the backup is of a MariaDB; without it $PARLEY_SQL\n"
    "  --replace    a database that is there is set aside (NAME.replaced), files that are there are overwritten\n"
    "  --check      only looks whether the backup is whole\n"
    "  --json       what was done, as JSON\n"
    "\n"
    "It can be stopped and started again. Exit status: 0 done and checked, 1 failed on the way, 2 cannot begin.\n";

struct options {
  std::string backup, data, sql;
  bool replace = false, check = false, json = false, help = false;
};

options read(const std::vector<std::string>& words) {
  options o;
  std::string socket;  // parleyctl's, which nobody answers
  teamtalk::read_command_line(words,
                              {{"--data", &o.data},
                               {"--sql", &o.sql},
                               {"--socket", &socket},
                               {"--replace", &o.replace},
                               {"--check", &o.check},
                               {"--json", &o.json},
                               {"--help", &o.help}},
                              &o.backup);
  if (o.backup.empty() && !o.help) throw trouble("name the backup; see --help");
  teamtalk::take_from_environment(o.sql, "PARLEY_SQL");
  teamtalk::take_from_environment(o.data, "PARLEY_DATA");
  return o;
}

class restoring {
 public:
  explicit restoring(const options& o) : options_(o), about_(read_backup(o.backup)) {
    old_data_ = about_.at("data").get<std::string>();
    data_ = fs::absolute(o.data.empty() ? old_data_ : o.data).lexically_normal().string();
  }

  void run() {
    report_.say("checking " + options_.backup + " ...");
    check_backup(options_.backup, about_);
    if (options_.check) return;
    if (const auto taken = lock_.take(data_); !taken) throw trouble(taken.text());
    for (const auto& one : about_.at("databases")) refuse(one);
    // Files first: a node that finds its database finds everything.
    for (const auto& one : about_.at("trees")) files(one);
    for (const auto& one : about_.at("databases")) database(one);
  }
  report& out() { return report_; }
  const std::string& data() const { return data_; }
  const json& about() const { return about_; }

 private:
  /// Where something that was there is now to be.
  std::string moved(const std::string& path) const {
    const auto below = fs::path(path).lexically_relative(old_data_).string();
    const bool inside = !below.empty() && below != "." && !below.starts_with("..");
    return inside ? data_ + "/" + below : path;
  }

  void refuse(const json& one) {
    if (one.at("kind") != "sqlite") {
      if (options_.sql.empty()) throw trouble("the backup is of a MariaDB: name an empty database by --sql URL");
      end to(options_.sql, host::connection_role::reader, "--sql");
      if (!read_catalog(to).empty()) throw trouble(to.shown() + ": it is not empty: name an empty database");
      return;
    }
    const auto file = moved(one.at("path"));
    if (const auto holder = holder_of(file)) {
      throw trouble(file + ": process " + std::to_string(*holder) + " has it open; stop it first");
    }
    if (fs::exists(file) && !options_.replace && sha256_of(file) != one.at("sha256")) {
      throw trouble(file + " is there already: move it away, or say --replace to have it set aside");
    }
  }

  void files(const json& one) {
    const auto from = options_.backup + "/" + one.at("files").get<std::string>();
    const auto to = moved(one.at("path"));
    const auto list = read_list(from + ".files");
    if (list.empty()) return;
    report_.say(std::to_string(list.size()) + " files of " + one.at("plugin").get<std::string>() + " ...");
    for (const auto& [path, size] : list) {
      const auto target = to + "/" + path;
      std::error_code failed;
      if (fs::exists(target, failed) && !options_.replace && !is_copy(from + "/" + path, target)) {
        throw trouble(target + " is there already, and is another: move it away, or say --replace", interrupted);
      }
      if (!copy_one(from + "/" + path, target, false) || fs::file_size(target, failed) != size) {
        throw trouble(target + " did not become what the backup has", interrupted);
      }
    }
  }

  static void set_aside(const std::string& what, const std::string& as) {
    std::error_code failed;
    fs::rename(what, as, failed);
    if (failed) {
      throw trouble("cannot set " + what + " aside as " + as + ": " + failed.message() +
                        "; check the rights in its directory, then the same command goes on",
                    interrupted);
    }
  }

  void database(const json& one) {
    const auto from = options_.backup + "/" + one.at("file").get<std::string>();
    if (one.at("kind") != "sqlite") {
      report_.say("reading the dump in ...");
      return load_dump(options_.sql, from);
    }
    const auto to = moved(one.at("path"));
    report_.say("database " + to + " ...");
    std::error_code failed;
    if (fs::exists(to, failed) && sha256_of(to) != one.at("sha256")) set_aside(to, to + ".replaced");
    // The old one's log would be replayed into the new.
    for (const char* beside : {"-wal", "-shm"}) {
      if (fs::exists(to + beside, failed)) set_aside(to + beside, to + ".replaced" + beside);
    }
    copy_one(from, to, false);
    sync_path(fs::path(to).parent_path().string());
    if (sha256_of(to) != one.at("sha256")) throw trouble(to + " did not become what the backup has", interrupted);
    if (const auto wrong = check_database(to); !wrong.empty()) throw trouble(to + ": " + wrong, interrupted);
  }

  const options& options_;
  json about_;
  std::string old_data_, data_;
  host::data_lock lock_;
  report report_;
};

}  // namespace

int restore_backup(const std::vector<std::string>& words, const std::string&) {
  const auto o = read(words);
  if (o.help) {
    std::fputs(usage, stdout);
    return done;
  }
  restoring work(o);
  work.run();
  work.out().set("backup", o.backup);
  work.out().set("node", work.about().at("node"));
  work.out().set("began", work.about().at("began"));
  work.out().set("files", work.about().at("files"));
  if (!o.check) work.out().set("data", work.data());
  work.out().set(o.check ? "whole" : "restored", true);
  work.out().print(o.json);
  return done;
}

}  // namespace parley::store
