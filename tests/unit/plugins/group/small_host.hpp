// As much of a host as the plugin group needs: its descriptor is driven the way the real one does, on one thread.
#pragma once

#include <parley/abi.h>
#include <parley/abi/session.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../database.hpp"

/// The host's own side of the handle.
struct parley_generation {
  void* host;
};

namespace group_test {

struct user {
  std::uint32_t id;
  parley_session_id session;
  std::uint32_t level = 0;
  bool call = false;
};

struct reply {
  std::uint16_t command;
  std::string body;
};

struct push {
  std::vector<std::uint64_t> users;
  std::uint16_t command;
  std::string body;
  parley_selector which;
  std::size_t replies_before;  // how many replies had been sent to anybody
  int commits_before;

  bool for_level_0() const { return which.min_level == 0; }
  bool for_level_1() const { return !(which.flags & PARLEY_LEVEL_0); }
};

struct verb_end {
  parley_status code = PARLEY_PENDING;
  std::string text;
};

class small_host {
 public:
  /// `keys` replace defaults.
  explicit small_host(std::map<std::string, std::string> keys = {});
  ~small_host();
  small_host(const small_host&) = delete;
  small_host& operator=(const small_host&) = delete;

  /// What a key may be set to.
  static std::int64_t highest(std::string_view key);

  /// Runs a command to its end; the verdict.
  template <class Message>
  parley_status serve(const user& who, std::uint16_t command, const Message& message) {
    return serve_bytes(who, command, message.SerializePartialAsString());
  }
  const std::vector<reply>& replies() const { return replies_; }
  /// The newest request's only reply.
  template <class Message>
  Message answer() const {
    Message message;
    message.ParsePartialFromString(replies_.at(0).body);
    return message;
  }
  std::string explanation() const { return explanation_; }
  verb_end verb(const std::string& name, const std::vector<const char*>& values);

  plugin_test::database& db() { return db_; }
  std::vector<push> take_pushes() { return std::exchange(pushes_, {}); }
  std::vector<std::string> take_told() { return std::exchange(told_, {}); }
  std::uint64_t now_ms = 1'700'000'000'000;

 private:
  friend struct host_functions;
  parley_status serve_bytes(const user& who, std::uint16_t command, const std::string& body);
  void run();

  std::map<std::string, std::string> keys_;
  plugin_test::database db_;
  parley_generation generation_{this};
  void* plugin_ = nullptr;
  parley_status verdict_ = PARLEY_PENDING;
  std::string explanation_;
  std::vector<reply> replies_;
  std::size_t reply_count_ = 0;
  std::vector<push> pushes_;
  std::vector<std::string> told_;
  std::deque<parley_sql_job> jobs_;
  verb_end verb_;
};

}  // namespace group_test
