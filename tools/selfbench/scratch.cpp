#include "selfbench/scratch.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace parley::selfbench {
namespace {

std::string made(const std::string& pattern) {
  std::string path = pattern;
  if (!mkdtemp(path.data())) throw std::runtime_error("cannot make " + pattern + ": " + std::strerror(errno));
  return path;
}

constexpr const char* first_table =
    "SELECT MIN(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()";
constexpr const char* sqlite_files[] = {"", "-wal", "-shm", "-journal"};

}  // namespace

scratch_directory::scratch_directory(const std::string& parent)
    : data_(made(std::filesystem::absolute(parent).string() + "/parley-selfbench-XXXXXX")),
      run_(made("/tmp/parley-selfbench-XXXXXX")) {}

scratch_directory::~scratch_directory() {
  std::error_code failed;
  std::filesystem::remove_all(data_, failed);
  if (failed) std::fprintf(stderr, "parleyd selfbench: %s stays: %s\n", data_.c_str(), failed.message().c_str());
  std::filesystem::remove_all(run_, failed);
}

bool scratch_directory::in_memory() const {
  struct statfs about {};
  return statfs(data_.c_str(), &about) == 0 && (about.f_type == TMPFS_MAGIC || about.f_type == RAMFS_MAGIC);
}

scratch_database::scratch_database(const std::string& url) {
  auto parsed = host::parse_sql_url(url);
  if (!parsed) throw std::runtime_error("--sql: " + parsed.text());
  url_ = std::move(*parsed);
  if (const auto known = host::check_sql_options(url_); !known) throw std::runtime_error("--sql: " + known.text());
  if (url_.kind == host::sql_kind::sqlite) {
    for (const auto* more : sqlite_files) {
      if (!std::filesystem::exists(url_.path + more)) continue;
      throw std::runtime_error("--sql: " + url_.path + more +
                               " exists: name a file that does not, it is removed in the end");
    }
    ours_ = true;
    return;
  }
  const auto link = connect();
  if (!link) throw std::runtime_error("--sql: " + link.text());
  const auto first = (*link)->ask(first_table);
  if (!first.empty()) {
    throw std::runtime_error("--sql: " + shown() + " holds data (table " + first +
                             "): make an empty database for this, CREATE DATABASE selfbench CHARACTER SET utf8mb4");
  }
  // Whoever may not take tables away again must not make them.
  if (!(*link)->run("DROP TABLE IF EXISTS parley_selfbench")) {
    throw std::runtime_error("--sql: " + shown() + ": " + (*link)->message() +
                             "; the user needs DROP there, as everything is taken away in the end");
  }
  ours_ = true;
}

scratch_database::~scratch_database() {
  if (const auto left = clear(); !left.empty()) std::fprintf(stderr, "parleyd selfbench: %s\n", left.c_str());
}

result<std::unique_ptr<host::mysql_link>> scratch_database::connect() const {
  host::mysql_servers servers({url_.hosts, url_.user, url_.password, url_.database, shown()});
  return servers.connect(host::connection_role::writer);
}

std::string scratch_database::clear() {
  if (!ours_) return {};
  if (url_.kind == host::sql_kind::sqlite) {
    std::error_code failed;
    for (const auto* more : sqlite_files) std::filesystem::remove(url_.path + more, failed);
    return {};
  }
  const auto link = connect();
  if (!link) return "the tables in " + shown() + " stay: " + link.text();
  for (;;) {
    const auto table = (*link)->ask(first_table);
    if ((*link)->number()) return "the tables in " + shown() + " stay: " + (*link)->message();
    if (table.empty()) return {};
    if (!(*link)->run("DROP TABLE \"" + table + "\"")) {
      return "table " + table + " in " + shown() + " stays: " + (*link)->message();
    }
  }
}

}  // namespace parley::selfbench
