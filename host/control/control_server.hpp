// Verbs, the host's and the plugins': run by parleyctl over a socket, and by plugins that may (parley.operate/1).
// On the socket one JSON object per line: {"verb":"users add","args":{...}} in; lines of {"progress":...} and one
// {"ok":true,"result":...} or {"ok":false,"code":...,"error":...} out.
#pragma once

#include <uv.h>

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/base/slot_map.hpp"
#include "host/plugin/pin.hpp"
#include "parley/abi/operate.h"
#include "parley/status.hpp"

namespace parley::host {

class generation;
class control_connection;
struct node_services;

/// [loop]
class control_server {
  struct plugin_verb {
    generation* owner;
    const parley_verb* raw;
    std::vector<parley_verb_arg> args;
    parley_verb copy;
  };

 public:
  using verb_table = std::map<std::string, plugin_verb>;

  /// A host verb's answer: a JSON result or an error sentence.
  using host_verb = std::function<result<nlohmann::ordered_json>(const nlohmann::ordered_json& args)>;

  /// One that answers when it is done, in a later turn at the earliest; once.
  using later = std::function<void(result<nlohmann::ordered_json>)>;
  using slow_verb = std::function<void(const nlohmann::ordered_json& args, later answer)>;

  explicit control_server(node_services& services) : services_(services) {}
  control_server(const control_server&) = delete;
  ~control_server();

  /// Listens on a unix socket that only this user may open. A socket left by a dead process is replaced.
  result<void> start(const std::string& path);
  void close();

  /// Args in the form of a plugin's: they stand in `verbs` for parleyctl's help.
  void add_verb(const std::string& name, const std::string& help, nlohmann::ordered_json args, host_verb verb);
  void add_slow_verb(const std::string& name, const std::string& help, nlohmann::ordered_json args, slow_verb verb);
  /// Answers what a generation has not answered, and what it waits for itself.
  void cancel(generation& g);
  /// The plugins' verbs. [any]
  static verb_table verbs_of(const std::vector<generation*>& generations);
  void swap_plugin_verbs(verb_table& table) { plugin_verbs_.swap(table); }
  /// Names, help and arguments of every verb.
  nlohmann::ordered_json describe() const;

  // ---- parley.control/1 ----
  status answer(parley_verb_id id, status code, std::string_view text);
  status progress(parley_verb_id id, std::string_view text);

  // ---- parley.operate/1 ----
  status operate(generation& caller, const parley_operation& what);

  /// Connections that asked for "tap" get each line; slow ones lose lines, told in the next.
  void tap_line(const nlohmann::ordered_json& line);
  std::function<void(bool watching)> on_tap_change;

 private:
  friend class control_connection;
  static constexpr std::size_t most_connections = 64;
  /// Whoever runs a verb: one of the two.
  struct asker {
    std::uint64_t connection = 0;
    std::uint64_t operation = 0;
  };
  struct running_verb {
    pin owner;
    asker by;
    void reset() {
      owner.release();
      by = {};
    }
  };
  /// A plugin's wait for a verb.
  struct operation {
    pin caller;
    control_server* of = nullptr;
    std::uint64_t id = 0;
    parley_timer_id timer = 0;
    void* context = nullptr;
    void (*progress)(void*, parley_bytes) = nullptr;
    void (*done)(void*, parley_status, parley_bytes) = nullptr;  // null once it was told
    void reset() {
      caller.release();
      done = nullptr;
    }
  };
  void accept();
  void request(control_connection& c, std::string_view line);
  void run(asker by, const std::string& name, const nlohmann::ordered_json& args);
  void run_plugin_verb(asker by, const plugin_verb& v, const nlohmann::ordered_json& args);
  void tell(asker who, const result<nlohmann::ordered_json>& outcome);
  void tell(asker who, status code, std::string_view text);
  void end(std::uint64_t operation, status code, std::string_view text);
  status tell_progress(std::uint64_t operation, std::string_view line);
  void gone(control_connection& c);

  node_services& services_;
  uv_pipe_t socket_;
  bool listening_ = false;
  std::string path_;
  std::map<std::string, std::pair<nlohmann::ordered_json, host_verb>> host_verbs_;
  std::map<std::string, slow_verb> slow_verbs_;  // their descriptions stand among the others
  verb_table plugin_verbs_;
  slot_map<control_connection*> connections_;
  slot_map<running_verb> running_;
  slot_map<operation> operations_;
};

}  // namespace parley::host
