// A node among its fellows: what the rest of the host asks of them, and does for them. README.md has the whole picture.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/cluster/directory.hpp"
#include "host/cluster/links.hpp"
#include "host/cluster/registry.hpp"
#include "host/cluster/wire.hpp"
#include "host/config/manifest.hpp"
#include "host/net/session.hpp"
#include "parley/abi/node.h"
#include "parley/abi/session.h"
#include "parley/status.hpp"

namespace parley::host {

struct node_services;
class generation;

/// A command that no plugin here serves, but one elsewhere.
struct far_command {
  std::uint16_t plugin = 0;  // number of its name
  std::uint16_t access = 0;
  std::vector<peer*> by;  // linked and ready; empty: known, but nobody serves it now
  std::string last;       // node that was known to have it
};

/// A command on its way to another node, from a session here or a plugin here.
struct far_request {
  parley_request_id id = 0;
  session* from = nullptr;  // null for a call
  parley_principal principal{};
  std::uint32_t level = 0;
  std::uint16_t command = 0, seq = 0;
  std::string_view body;
  std::uint64_t deadline_ms = 0;          // from now; 0 = the cluster's
  std::vector<std::string_view> filters;  // plugins whose filters have seen it
};

/// Counted, never reset.
struct cluster_counters {
  std::uint64_t forwarded = 0;   // commands and calls, to others
  std::uint64_t served = 0;      // the same, from others
  std::uint64_t late = 0;        // of these, dropped past their deadline
  std::uint64_t expired = 0;     // ours that nobody answered in time
  std::uint64_t lost = 0;        // ours whose node was lost
  std::uint64_t unserved = 0;    // ours for which there was no node
  std::uint64_t full = 0;        // ours for which a link had no room
  std::uint64_t stale = 0;       // references of others to what is not here (any more)
  std::uint64_t broken = 0;      // records that could not be read
  std::uint64_t pushes_out = 0;  // records with a push for principals, to others
  std::uint64_t pushes_in = 0;
  std::uint64_t undelivered = 0;  // terminals of a push that no link leads to
  std::uint64_t events_out = 0;
  std::uint64_t events_in = 0;
};

/// [loop]
class cluster final : links_user {
 public:
  cluster(node_services& services, const cluster_config& config, const listener_config& listener,
          const std::string& data);
  cluster(const cluster&) = delete;
  ~cluster() override;

  // ---- life (cluster.cpp) ----
  /// Takes the node's name in the registry; turns the loop for as long as that takes, at most a lease and a second. The
  /// error says who has the name. A Redis that is away is no error: the name is taken when it comes.
  result<void> claim();
  /// Listens and links.
  result<void> begin();
  /// What is served here has changed.
  void announce(const std::vector<generation*>& active);
  /// Nobody is to send anything new.
  void drain();
  /// Every fellow knows that this node drains, and has nothing on its way here.
  bool drained() const;
  /// Out of the registry; the links go with the object.
  void leave();
  bool left() const { return registry_.idle(); }
  /// At once, and without a word.
  void unlink() { links_.close(); }
  redis_link& redis() { return registry_.link(); }

  // ---- commands (cluster_requests.cpp) ----
  /// Null when nobody is known to serve it.
  const far_command* find(std::uint16_t command) const;
  const std::string& plugin_name(const far_command& c) const { return names_[c.plugin]; }
  struct sent {
    status outcome = status::unavailable;
    std::uint32_t link = 0;  // serial
    std::uint16_t plugin = 0;
  };
  /// The answer comes as dispatcher::reply() and finish() for the request's id.
  sent forward(const far_request& r);
  /// A forwarded request of the session is over.
  void ended(parley_session_id session, std::uint16_t plugin, std::uint32_t link);
  /// For requests from elsewhere.
  status reply(std::uint32_t link, parley_request_id request, std::uint16_t command, parley_bytes body);
  void finish(std::uint32_t link, parley_request_id request, status verdict, std::string_view text,
              std::uint32_t retry_after_ms);
  /// A filter decides about a command of that session: its later ones wait.
  void hold(parley_session_id session);
  void release(parley_session_id session);

  // ---- sessions of other nodes (cluster_sessions.cpp) ----
  /// Whether the id is another node's.
  bool elsewhere(parley_session_id session) const { return session >> 48 != number_ && session >> 48 != 0; }
  status push(parley_session_id session, std::uint16_t seq, std::uint16_t command, parley_bytes body);
  status authenticate(parley_session_id session, const parley_principal& principal, std::uint32_t level,
                      const std::string& plugin);
  status close(parley_session_id session, std::string_view reason);
  status set_slot(parley_session_id session, const std::string& plugin, std::uint32_t version, std::string_view data);
  status get_slot(parley_session_id session, const std::string& plugin, std::uint32_t* version, parley_bytes* out);
  /// The address of a session that has a command here; empty when it has none.
  std::string_view peer_of(parley_session_id session) const;
  /// To the terminals of other nodes: one record for each node that has any.
  void push_principals(const std::uint64_t* principals, std::size_t count, const parley_selector& which,
                       std::uint16_t command, parley_bytes body);
  const directory& others() const { return directory_; }

  // ---- our own sessions (cluster_directory.cpp) ----
  void session_authenticated(const session& s);
  void session_left(const session& s);

  // ---- events (cluster_events.cpp) ----
  bool responsible(const std::string& plugin, std::uint64_t key) const;
  bool heard(std::string_view event) const;
  void carry(std::string_view event, std::string_view publisher, std::string_view body);

  // ---- to be seen (cluster_json.cpp) ----
  /// Where a client should go, `own` among the places when it is not null; counts it as gone there.
  status least_loaded(const client_endpoint* own, parley_endpoint& out);
  /// The same among the others, for a client that speaks TLS or not.
  status other_place(bool tls, parley_endpoint& out);
  /// Whether a client has anywhere else to go.
  bool has_other_place() const;
  std::string degraded() const;
  nlohmann::ordered_json to_json() const;
  nlohmann::ordered_json where_is(std::uint64_t user);
  /// That node will not be back: what it served last is nobody's any more, here and on every linked node. The error
  /// says why it cannot be so.
  result<nlohmann::ordered_json> forget(const std::string& node);
  const cluster_counters& counters() const { return counters_; }
  void note_lost(std::size_t commands) { counters_.lost += commands; }
  using show_number =
      std::function<void(const char* name, const std::string& labels, const char* help, std::uint64_t value)>;
  void show(const show_number& gauge, const show_number& count) const;

  /// What the registry says of this node beside what the cluster knows: state, sessions, clients.
  std::function<void(fellow_facts&)> describe;

 private:
  /// A session of another node that has had commands here.
  struct visitor {
    std::uint32_t link = 0;  // serial of its home's
    parley_principal principal{};
    std::uint8_t level = 0;
    std::uint8_t held = 0;
    std::string address;
    struct slot {
      std::string plugin;
      std::uint32_t version = 0;
      std::uint64_t serial = 0;  // of the last write that is known here
      std::string bytes;
    };
    std::vector<slot> slots;
    std::deque<std::string> waiting;  // commands behind a hold, as they came
  };

  static constexpr std::uint64_t tick_ms = 50;
  static constexpr std::size_t longest_body = 8 << 20;

  void linked(peer& p) override;
  void heard(peer& p, record r, std::string_view body) override;
  void ponged(peer& p) override;
  void unlinked(peer& p, std::uint32_t serial) override;

  fellow_facts own_facts() const;
  void registry_read();
  void tick();
  void tell(peer& p);
  std::uint16_t name_number(const std::string& name);
  void rebuild();
  std::vector<std::string> disown(const std::string& node);
  void note_broken(peer& p, record r);

  bool takes_clients(const peer& p) const;
  status least_loaded(const client_endpoint* own, const bool* tls, parley_endpoint& out);
  peer* choose(const far_command& c, std::uint64_t key);
  void on_command(peer& p, std::string_view body);
  void on_reply(record_reader& in);
  void on_finish(record_reader& in);
  visitor& visit(peer& p, parley_session_id session);

  void on_session_record(peer& p, record r, record_reader& in);
  void on_push_many(record_reader& in);
  peer* home_of(parley_session_id session) const;

  void send_changes();
  void send_account(peer& p);
  void on_directory(peer& p, record_reader& in);
  bool told_of(peer& p, record_reader& in);
  void depart();
  void publish_opened(const directory::entry& e, std::string_view node, std::string_view address, bool was_there);
  void publish_closed(const directory::entry& e, std::string_view node, std::string_view reason);
  void on_event(record_reader& in);

  node_services& services_;
  const cluster_config config_;
  const std::string advertised_;
  life life_;
  std::uint16_t number_;
  announcement own_;
  registry registry_;
  links links_;
  bool begun_ = false;
  bool draining_ = false;
  std::uint32_t ticks_ = 0;

  std::vector<std::string> names_{""};  // of plugins; their numbers are places here
  std::unordered_map<std::uint16_t, far_command> far_;
  std::unordered_map<std::uint16_t, peer*> by_number_;                 // linked ones
  std::map<std::uint64_t, std::vector<parley_request_id>> deadlines_;  // by tick
  std::unordered_map<parley_session_id, visitor> visitors_;

  directory directory_;
  std::string changes_;  // of our sessions, in this turn
  turn_end_task telling_;
  struct departure {
    std::uint16_t number;
    std::string node;
  };
  std::deque<departure> departing_;  // whose sessions are told to be closed, in portions
  log_gate gate_;
  loop_timer timer_;
  std::uint32_t handed_out_here_ = 0;  // clients sent to this node since the registry was read
  cluster_counters counters_;
};

}  // namespace parley::host
