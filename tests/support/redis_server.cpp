#include "support/redis_server.hpp"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>

#include "support/socket.hpp"

namespace parley::test {
namespace {

struct connection {
  explicit connection(const std::string& path) : raw(redisConnectUnixWithTimeout(path.c_str(), {5, 0})) {
    if (raw) redisSetTimeout(raw, {10, 0});
  }
  ~connection() {
    if (raw) redisFree(raw);
  }
  bool sound() const { return raw && !raw->err; }
  redisContext* raw;
};

std::string text_of(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_NIL) return "(nil)";
  if (reply.type == REDIS_REPLY_INTEGER) return std::to_string(reply.integer);
  if (reply.type != REDIS_REPLY_ARRAY) return {reply.str, reply.len};
  std::string out;
  for (std::size_t i = 0; i < reply.elements; ++i) out += text_of(*reply.element[i]) + "\n";
  return out;
}

std::string command(const connection& to, const std::vector<std::string>& words) {
  std::vector<const char*> pointers;
  std::vector<std::size_t> sizes;
  for (const auto& word : words) {
    pointers.push_back(word.data());
    sizes.push_back(word.size());
  }
  auto* raw = redisCommandArgv(to.raw, static_cast<int>(words.size()), pointers.data(), sizes.data());
  if (!raw) throw failure("redis: no answer to " + words[0] + ": " + to.raw->errstr);
  std::unique_ptr<redisReply, void (*)(void*)> reply(static_cast<redisReply*>(raw), freeReplyObject);
  if (reply->type == REDIS_REPLY_ERROR)
    throw failure("redis: " + words[0] + ": " + std::string(reply->str, reply->len));
  return text_of(*reply);
}

}  // namespace

redis_server::redis_server(std::vector<std::string> options)
    : options_(std::move(options)), socket_(directory_.path() / "redis.sock") {
  start();
}

redis_server::~redis_server() {
  if (process_) process_->signal(SIGCONT);
}

void redis_server::spawn() {
  std::vector<std::string> line{"redis-server",
                                "--port",
                                std::to_string(port_),
                                "--bind",
                                "127.0.0.1",
                                "--unixsocket",
                                socket_,
                                "--save",
                                "",
                                "--appendonly",
                                "no",
                                "--dir",
                                directory_.path(),
                                "--daemonize",
                                "no",
                                "--loglevel",
                                "warning",
                                "--enable-debug-command",
                                "local"};
  line.insert(line.end(), options_.begin(), options_.end());
  unlink(socket_.c_str());  // of a life that was killed
  process_ = std::make_unique<process>(process::options{line, {}, directory_.path() / "log"});
}

bool redis_server::answers() {
  connection to(socket_);
  if (!to.sound()) return false;
  auto* raw = redisCommand(to.raw, "PING");  // an error is an answer, too
  if (raw) freeReplyObject(raw);
  return raw;
}

void redis_server::start() {
  spawn();
  const auto deadline = steady::now() + patience(milliseconds(20000));
  while (!answers()) {
    const auto end = process_->ended_within(milliseconds(10));
    if (end || steady::now() > deadline) {
      throw failure("redis-server does not come:\n" + last_lines(read_file(directory_.path() / "log"), 20));
    }
  }
}

void redis_server::listen() {
  process_->kill9();
  for (int attempt = 0;; ++attempt) {
    port_ = static_cast<std::uint16_t>(20000 + (getpid() * 37 + attempt * 101) % 12000);
    try {
      return start();
    } catch (const failure&) {
      if (attempt == 20) throw;
    }
  }
}

std::string redis_server::ask(const std::vector<std::string>& words, const std::string& password) {
  connection to(socket_);
  if (!to.sound()) throw failure("redis: cannot connect to " + socket_);
  if (!password.empty()) command(to, {"AUTH", password});
  return command(to, words);
}

std::map<std::string, std::string> redis_server::hash(const std::string& key) {
  const auto text = ask({"HGETALL", key});
  std::map<std::string, std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto middle = text.find('\n', at), end = text.find('\n', middle + 1);
    out[text.substr(at, middle - at)] = text.substr(middle + 1, end - middle - 1);
    at = end + 1;
  }
  return out;
}

std::size_t redis_server::count(const std::string& pattern) {
  const auto keys = ask({"KEYS", pattern});
  return static_cast<std::size_t>(std::count(keys.begin(), keys.end(), '\n'));
}

}  // namespace parley::test
