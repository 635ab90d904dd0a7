#include "import/redis_reader.hpp"

#include <hiredis/hiredis.h>

#include <charconv>
#include <cstring>

#include "import/trouble.hpp"

namespace parley::teamtalk {
namespace {

constexpr timeval connect_time{5, 0};
constexpr timeval answer_time{30, 0};

const redisReply& as_reply(const void* raw) {
  return *static_cast<const redisReply*>(raw);
}

std::string text_of(const redisReply& reply) {
  return reply.str ? std::string(reply.str, reply.len) : std::string();
}

}  // namespace

void redis_reader::freed::operator()(redisContext* c) const {
  redisFree(c);
}
void redis_reader::freed::operator()(void* reply) const {
  freeReplyObject(reply);
}

redis_reader::redis_reader(const host::redis_address& address) : shown_(address.shown()) {
  connection_.reset(address.path.empty() ? redisConnectWithTimeout(address.host.c_str(), address.port, connect_time)
                                         : redisConnectUnixWithTimeout(address.path.c_str(), connect_time));
  if (!connection_) throw trouble(shown_ + ": out of memory");
  if (connection_->err) lost(std::string(connection_->errstr) + "; does it run, and at this address?");
  redisSetTimeout(connection_.get(), answer_time);
  if (!address.password.empty()) {
    std::vector<std::string> words{"AUTH"};
    if (!address.user.empty()) words.push_back(address.user);
    words.push_back(address.password);
    ask(words);
  }
  select(address.db);
}

void redis_reader::lost(const std::string& why) {
  throw trouble(shown_ + ": " + why);
}

void redis_reader::send(const std::vector<std::string>& words) {
  std::vector<const char*> at;
  std::vector<std::size_t> sizes;
  for (const auto& word : words) {
    at.push_back(word.data());
    sizes.push_back(word.size());
  }
  if (redisAppendCommandArgv(connection_.get(), static_cast<int>(words.size()), at.data(), sizes.data()) != REDIS_OK) {
    lost(connection_->errstr);
  }
}

redis_reader::reply_ptr redis_reader::receive() {
  void* raw = nullptr;
  if (redisGetReply(connection_.get(), &raw) != REDIS_OK) lost(std::string(connection_->errstr) + "; start it again");
  return reply_ptr(raw);
}

redis_reader::reply_ptr redis_reader::ask(const std::vector<std::string>& words) {
  send(words);
  auto reply = receive();
  if (as_reply(reply.get()).type != REDIS_REPLY_ERROR) return reply;
  const auto why = text_of(as_reply(reply.get()));
  const bool password = why.starts_with("NOAUTH") || why.starts_with("WRONGPASS") || words.front() == "AUTH";
  lost(words.front() + ": " + why +
       (password ? "; write the password into the url: redis://:PASSWORD@HOST" : "; check the url"));
}

std::vector<std::uint32_t> redis_reader::databases() {
  const auto reply = ask({"INFO", "keyspace"});
  const auto answer = text_of(as_reply(reply.get()));
  std::vector<std::uint32_t> found;
  for (std::size_t at = 0; (at = answer.find("\ndb", at)) != std::string::npos;) {
    at += 3;
    std::uint32_t number = 0;
    if (std::from_chars(answer.data() + at, answer.data() + answer.size(), number).ec == std::errc())
      found.push_back(number);
  }
  return found;
}

void redis_reader::select(std::uint32_t database) {
  ask({"SELECT", std::to_string(database)});
}

void redis_reader::scan(const std::function<void(std::span<const std::string>)>& portion) {
  std::string cursor = "0";
  do {
    const auto reply = ask({"SCAN", cursor, "COUNT", "1000"});
    const auto& answer = as_reply(reply.get());
    if (answer.type != REDIS_REPLY_ARRAY || answer.elements != 2) lost("SCAN answers strangely; is this a Redis?");
    cursor = text_of(*answer.element[0]);
    const auto& list = *answer.element[1];
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < list.elements; ++i) keys.push_back(text_of(*list.element[i]));
    portion(keys);
  } while (cursor != "0");
}

std::vector<redis_reader::text> redis_reader::texts(std::span<const std::string> keys) {
  for (const auto& key : keys) send({"GET", key});
  std::vector<text> all;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto reply = receive();
    const auto& one = as_reply(reply.get());
    all.push_back(one.type == REDIS_REPLY_STRING ? text(text_of(one)) : std::nullopt);
  }
  return all;
}

std::vector<redis_reader::fields> redis_reader::hashes(std::span<const std::string> keys) {
  for (const auto& key : keys) send({"HGETALL", key});
  std::vector<fields> all;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const auto reply = receive();
    const auto& one = as_reply(reply.get());
    if (one.type != REDIS_REPLY_ARRAY) {
      all.emplace_back();
      continue;
    }
    auto& row = all.emplace_back(std::in_place);
    for (std::size_t i = 0; i + 1 < one.elements; i += 2) {
      row->emplace_back(text_of(*one.element[i]), text_of(*one.element[i + 1]));
    }
  }
  return all;
}

}  // namespace parley::teamtalk
