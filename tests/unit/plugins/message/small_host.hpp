// As much of a host as the plugin message needs: its descriptor is driven the way the real one does, on one thread.
#pragma once

#include <parley/abi.h>
#include <parley/abi/lane.h>
#include <parley/abi/session.h>
#include <parley/abi/timer.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../database.hpp"

/// The host's own side of the handle.
struct parley_generation {
  void* host;
};

namespace message_test {

struct user {
  std::uint32_t id;
  parley_session_id session;
  std::uint32_t level = 0;
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
  std::size_t replies_before;  // how many replies had been sent to anybody
};

struct verb_end {
  parley_status code = PARLEY_PENDING;
  std::string text;
};

class small_host {
 public:
  small_host();
  ~small_host();
  small_host(const small_host&) = delete;
  small_host& operator=(const small_host&) = delete;

  /// Starts a command and returns its number; run() finishes it.
  template <class Message>
  std::size_t start(const user& who, std::uint16_t command, const Message& message) {
    return start_bytes(who, command, message.SerializePartialAsString());
  }
  /// start() and run(); the verdict.
  template <class Message>
  parley_status serve(const user& who, std::uint16_t command, const Message& message) {
    const auto number = start(who, command, message);
    run();
    return verdict(number);
  }
  /// Batches and jobs until nothing is left.
  void run();
  parley_status verdict(std::size_t number) const { return requests_.at(number).verdict; }
  const std::vector<reply>& replies(std::size_t number) const { return requests_.at(number).replies; }
  /// The newest request's only reply.
  template <class Message>
  Message answer() const {
    Message message;
    message.ParsePartialFromString(requests_.back().replies.at(0).body);
    return message;
  }
  std::size_t newest() const { return requests_.size() - 1; }
  std::string explanation() const { return requests_.back().explanation; }
  /// One null per argument left out.
  verb_end verb(const std::string& name, const std::vector<const char*>& values);
  /// Lets the clock go, and fires timers.
  void pass(std::uint64_t ms);
  /// What the plugin hands over.
  std::string saved();
  /// A new instance in the place of the old one, with this state; the old one stays when it is refused.
  parley_status reload(const std::string& state);
  std::vector<user> online;  // terminals

  void tell(const std::string& event, const std::string& body);

  plugin_test::database& db() { return db_; }
  std::vector<push> take_pushes() { return std::exchange(pushes_, {}); }
  std::vector<std::string> told;  // events, when listening
  bool listening = false;
  std::uint64_t now_ms = 1'700'000'000'000;
  std::size_t max_batch = 512;
  parley_status enqueue_verdict = PARLEY_OK;

 private:
  friend struct host_functions;
  struct request_state {
    user who;
    parley_status verdict = PARLEY_PENDING;
    std::string explanation;
    std::vector<reply> replies;
  };
  struct waiting_item {
    void* item;
    void (*done)(void* item, parley_status status);
  };
  std::size_t start_bytes(const user& who, std::uint16_t command, const std::string& body);
  bool run_lanes();
  bool run_jobs();
  bool run_posted();
  struct timer {
    std::uint64_t at, repeat;
    void* context;
    void (*fire)(void*);
  };

  plugin_test::database db_;
  parley_generation generation_{this};
  void* plugin_ = nullptr;
  std::deque<request_state> requests_;
  std::size_t reply_count_ = 0;
  std::vector<push> pushes_;
  std::map<std::uint32_t, std::deque<waiting_item>> lanes_;
  std::deque<parley_sql_job> jobs_;
  std::map<parley_timer_id, timer> timers_;
  parley_timer_id last_timer_ = 0;
  std::vector<std::function<void()>> posted_;
  verb_end verb_;
};

}  // namespace message_test
