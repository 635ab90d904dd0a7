// As much of a host as the plugin login needs: its descriptor is driven the way the real one does, on one thread.
#pragma once

#include <parley/abi.h>
#include <parley/abi/session.h>
#include <parley/abi/sql.h>
#include <parley/abi/worker.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../database.hpp"
#include "IM.Login.pb.h"

/// The host's own side of the handle.
struct parley_generation {
  void* host;
};

namespace login_test {

struct sent {
  std::uint16_t command;
  std::string body;

  template <class Message>
  Message as() const {
    Message message;
    message.ParsePartialFromString(body);
    return message;
  }
};

struct session {
  std::string peer;
  std::vector<sent> got;
  parley_principal principal{};
  std::uint32_t level = 0;
  std::string closed;  // the reason; empty while open
  std::pair<std::uint32_t, std::string> slot;
};

struct verb_end {
  parley_status code = PARLEY_PENDING;
  std::string text;
  std::vector<std::string> progress;
};

class small_host {
 public:
  /// `keys` replace defaults.
  explicit small_host(std::map<std::string, std::string> keys = {});
  ~small_host();
  small_host(const small_host&) = delete;
  small_host& operator=(const small_host&) = delete;

  parley_session_id connect(const std::string& peer = "10.0.0.1");
  session& at(parley_session_id id) { return sessions_.at(id); }
  /// Starts a command and returns its number; run() finishes it.
  std::size_t start(parley_session_id who, std::uint16_t command, const std::string& body);
  parley_status verdict(std::size_t number) const { return requests_.at(number).verdict; }
  parley_status serve(parley_session_id who, std::uint16_t command, const std::string& body);
  /// One null per argument left out.
  verb_end verb(const std::string& name, const std::vector<const char*>& values);
  std::string get(const std::string& path, const std::string& host_header);

  /// What the plugin hands over.
  std::string saved();
  /// A new instance in the place of the old one, with this state; the old one stays when it is refused. Nothing may be
  /// in flight.
  parley_status reload(std::uint32_t version, const std::string& state);

  /// Jobs and posted work until nothing is left that is not stalled.
  void run();
  /// Lets the clock go, and fires timers.
  void pass(std::uint64_t ms);
  /// Worker jobs wait from here on, until false.
  void stall_workers(bool yes);

  plugin_test::database db;
  std::vector<std::string> told;  // events
  parley_status sql_verdict = PARLEY_OK;
  parley_status node_verdict = PARLEY_OK;
  std::uint32_t workers_queued = 0;
  int worker_jobs = 0;
  int sql_jobs = 0;

 private:
  friend struct host_functions;
  struct request_state {
    parley_session_id who;
    parley_status verdict;
  };
  struct timer {
    std::uint64_t at, repeat;
    void* context;
    void (*fire)(void*);
  };

  std::map<std::string, std::string> keys_;
  parley_generation generation_{this};
  void* plugin_ = nullptr;
  std::uint64_t now_ms_ = 1'700'000'000'000;
  std::map<parley_session_id, session> sessions_;
  std::vector<parley_session_id> logins_;
  std::vector<request_state> requests_;
  std::map<parley_timer_id, timer> timers_;
  parley_timer_id last_timer_ = 0;
  std::deque<std::function<void()>> ready_;
  std::deque<std::function<void()>> stalled_;
  bool stalling_ = false;
  verb_end verb_;
  std::string http_;
};

}  // namespace login_test
