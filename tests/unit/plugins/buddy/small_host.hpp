// As much of a host as the plugin buddy needs: its descriptor is driven the way the real one does, on one thread.
#pragma once

#include <parley/abi.h>
#include <parley/abi/session.h>
#include <parley/sql.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../database.hpp"

/// The host's own side of the handle.
struct parley_generation {
  void* host;
};

namespace buddy_test {

struct user {
  std::uint32_t id;
  parley_session_id session;
  std::uint32_t level = 1;
};

struct reply {
  std::uint16_t command;
  std::string body;
};

struct push {
  std::uint64_t user;
  std::uint16_t command;
  std::string body;
  parley_selector which;
};

class small_host {
 public:
  using settings = std::map<std::string, std::string>;

  /// `config`: keys that are not at their defaults.
  explicit small_host(settings config = {});
  ~small_host();
  small_host(const small_host&) = delete;
  small_host& operator=(const small_host&) = delete;

  /// The verdict.
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
  std::vector<push> take_pushes() { return std::exchange(pushes_, {}); }
  std::vector<std::string> take_told() { return std::exchange(told_, {}); }

  plugin_test::database& db() { return db_; }
  /// For what runs on a worker.
  parley::sql sql() { return sql(db_); }
  parley::sql sql(plugin_test::database& connection);
  std::uint64_t now_ms = 1'700'000'000'000;
  /// What jobs are answered with instead of being run.
  parley_status jobs_verdict = PARLEY_OK;

 private:
  friend struct host_functions;
  parley_status serve_bytes(const user& who, std::uint16_t command, const std::string& body);
  void run_jobs();

  const settings config_;
  plugin_test::database db_;
  parley_generation generation_{this};
  void* plugin_ = nullptr;
  parley_status verdict_ = PARLEY_OK;
  std::string explanation_;
  std::vector<reply> replies_;
  std::vector<push> pushes_;
  std::vector<std::string> told_;
  std::deque<parley_sql_job> jobs_;
};

}  // namespace buddy_test
