#include "store/mariadb_tools.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "host/pool/sql_url.hpp"
#include "store/files.hpp"
#include "store/trouble.hpp"

namespace parley::store {

namespace {

/// A value of an option file.
std::string option_value(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// The password is in no command line: it goes through a file of our own, gone with the object.
class option_file {
 public:
  explicit option_file(const host::sql_url& url) {
    std::string pattern = "/tmp/parley-XXXXXX";
    const int fd = mkostemp(pattern.data(), O_CLOEXEC);
    if (fd < 0) throw trouble(std::string("cannot make a file in /tmp: ") + std::strerror(errno));
    close(fd);
    path_ = pattern;
    std::string text = "[client]\nuser=" + option_value(url.user) + "\npassword=" + option_value(url.password) + "\n";
    const auto& host = url.hosts.front();
    if (!host.socket.empty()) {
      text += "socket=" + option_value(host.socket) + "\n";
    } else {
      text += "protocol=tcp\nhost=" + option_value(host.name) + "\nport=" + std::to_string(host.port) + "\n";
    }
    write_synced(path_, text);
  }
  ~option_file() { unlink(path_.c_str()); }
  option_file(const option_file&) = delete;
  std::string argument() const { return "--defaults-extra-file=" + path_; }

 private:
  std::string path_;
};

host::sql_url read_url(const std::string& text) {
  auto url = host::parse_sql_url(text);
  if (!url) throw trouble("--sql: " + url.text());
  if (url->kind != host::sql_kind::mysql) throw trouble("--sql: expected mysql://USER:PASSWORD@HOST:PORT/DATABASE");
  return std::move(*url);
}

/// One of the names a distribution may have given it.
void run_tool(const std::vector<const char*>& names, std::vector<std::string> words, int input, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  int failed = ENOENT;
  pid_t child = -1;
  for (const char* name : names) {
    std::vector<char*> arguments{const_cast<char*>(name)};
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    failed = posix_spawnp(&child, name, &actions, nullptr, arguments.data(), environ);
    if (failed == 0) break;
  }
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    throw trouble(std::string("cannot run ") + names.front() + ": " + std::strerror(failed) +
                  "; a MariaDB is backed up and restored by its own programs (Debian: mariadb-client)");
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw trouble(std::string(names.front()) + " failed; what it said stands above", interrupted);
  }
}

}  // namespace

void dump_database(const std::string& text, const std::string& file) {
  const auto url = read_url(text);
  const option_file options(url);
  const int out = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (out < 0) throw trouble(file + ": " + std::strerror(errno), interrupted);
  // One transaction that reads, row by row: nodes go on writing. Without locks, putting it back takes a node's rights.
  try {
    run_tool({"mariadb-dump", "mysqldump"},
             {options.argument(), "--single-transaction", "--quick", "--skip-lock-tables", "--skip-add-locks",
              "--hex-blob", "--no-tablespaces", "--default-character-set=utf8mb4", url.database},
             -1, out);
  } catch (...) {
    close(out);
    throw;
  }
  close(out);
  sync_path(file);
}

void load_dump(const std::string& text, const std::string& file) {
  const auto url = read_url(text);
  const option_file options(url);
  const int in = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (in < 0) throw trouble(file + ": " + std::strerror(errno));
  try {
    run_tool({"mariadb", "mysql"}, {options.argument(), "--default-character-set=utf8mb4", url.database}, in, -1);
  } catch (...) {
    close(in);
    throw;
  }
  close(in);
}

}  // namespace parley::store
