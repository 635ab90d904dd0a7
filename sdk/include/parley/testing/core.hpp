// A host in the test's own process: the real dispatcher, session table, pools, events, filters, calls and timers around
// real plugin files, with a clock that stands still until the test moves it. Link parley::testing.
//
// Everything happens on the thread that made the core, inside the functions below; only pools and the preparation of a
// reload have threads of their own, and their work takes no virtual time. Two runs of a test see the same.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../status.hpp"
#include "answers.hpp"
#include "session.hpp"

namespace parley::testing {

/// One plugin to load, as a manifest names it.
struct plugin_use {
  std::string name;
  std::string file;                           // absolute; empty = the kit's own plugin of that name
  std::map<std::string, std::string> config;  // as it would stand in the manifest
  std::map<std::string, std::string> pools;   // the plugin's name of a pool -> the core's
  bool may_act_for_anyone = false;            // in calls
  std::vector<std::string> may_operate;       // first words of verbs; {"all"} = every verb
};

struct options {
  std::vector<plugin_use> plugins;             // in the manifest's order, which is the filters'
  std::vector<std::string> sql_pools{"main"};  // SQLite files in the data directory
  std::vector<std::string> caches{"cache"};
  std::vector<std::string> worker_pools{"cpu"};
  std::vector<std::string> events;               // that the test itself publishes
  std::map<std::uint16_t, std::uint32_t> rates;  // command -> at most so many per second and session
  std::string data;                              // empty = a temporary directory that goes with the core
  std::uint64_t unix_ms = 1'700'000'000'000;     // when the clock starts
  std::string log_level = "warn";                // to stderr
  std::chrono::seconds patience{30};             // real time without the core coming to rest, after which a test fails
};

struct event {
  std::string name;
  std::string body;
  template <class Message>
  Message as() const {
    return pdu{0, 0, body}.template as<Message>();
  }
};

/// A call's end: its owner's first reply, or why there is none.
struct answer {
  status code = status::ok;
  pdu reply;
};

class core {
 public:
  /// Loads, migrates, creates and self-tests the plugins. Throws failure with everything that was wrong.
  explicit core(options o);
  core(const core&) = delete;
  core& operator=(const core&) = delete;
  ~core();

  /// A client that has connected from that address, not logged in.
  session connect(std::string_view address = "127.0.0.1");
  /// connect() and session::login().
  session connect_as(std::uint64_t user, std::uint32_t tag = 1, std::uint32_t level = 1);

  /// Lets everything happen that needs no time: PDUs, jobs of pools, calls, events. Throws when it does not come to
  /// rest.
  void settle();
  /// Moves the clock; timers, sleeps and timeouts come due in their order, and everything settles after each.
  void advance(std::chrono::milliseconds by);
  /// The host's clocks: monotonic, and since 1970.
  std::uint64_t now_ms() const;
  std::uint64_t unix_ms() const;

  /// Publishes as a plugin that is not here would (options::events), and settles.
  void publish(std::string_view name, std::string_view body);
  template <message Message>
  void publish(std::string_view name, const Message& body) {
    publish(name, std::string_view(body.SerializeAsString()));
  }
  /// Takes what was published under that name, the host's session.opened and session.closed included, oldest first.
  std::vector<event> events(std::string_view name);

  /// Calls a command as another plugin would, for that user (0: nobody), and waits for the end, if time has to pass for
  /// it at most `patience` of virtual time.
  answer call(std::uint16_t command, std::string_view body, std::uint64_t user = 0,
              std::chrono::milliseconds patience = std::chrono::seconds(10));
  template <message Message>
  answer call(std::uint16_t command, const Message& body, std::uint64_t user = 0) {
    return call(command, std::string_view(body.SerializeAsString()), user);
  }

  /// Runs a control verb of a plugin or of the host, as parleyctl does: verb("users add", {{"name", "ada"}}). One that
  /// a plugin keeps waiting lets at most `patience` of virtual time pass. Throws failure when there is no answer.
  verb_answer verb(const std::string& name, const std::map<std::string, std::string>& args = {},
                   std::chrono::milliseconds patience = std::chrono::seconds(10));

  /// Replaces a plugin that runs by what its file is now, or by another file, which restart() then starts too: the
  /// host's whole life cycle, state handed over, sessions kept, no virtual time. Returns when the new one serves, or
  /// when it was refused and the old one serves on; `text` then says why. What is in flight ends on the old one, which
  /// goes once advance() has passed its probation of 10 s.
  verb_answer reload(const std::string& name, const std::string& file = {});

  /// HTTP to the routes of the plugins and the host, from 127.0.0.1, a connection each. `path` begins with / and may
  /// have a query. Adds Host and Content-Length where `headers` has none, and Connection: close. A request that a
  /// plugin keeps waiting lets at most `patience` of virtual time pass. Throws failure when there is no whole answer.
  http_answer get(std::string_view path);
  http_answer request(std::string_view method, std::string_view path, const http_headers& headers = {},
                      std::string_view body = {}, std::chrono::milliseconds patience = std::chrono::seconds(10));

  /// Ends the host and starts it anew with the same plugins and data, at the same moment of its wall clock. Sessions
  /// are gone.
  void restart();

  /// Requests that have begun and not ended.
  std::size_t in_flight() const;
  /// The file of an sql pool, to look into.
  std::string database(const std::string& pool = "main") const;
  const std::string& data() const;

 private:
  std::unique_ptr<world> world_;
};

}  // namespace parley::testing
