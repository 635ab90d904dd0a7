// The links of a node: one to each fellow, dialed by the one whose name comes first.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/base/log.hpp"
#include "host/cluster/announcement.hpp"
#include "host/cluster/fellow.hpp"
#include "host/cluster/node_link.hpp"
#include "parley/status.hpp"

namespace parley::host {

/// Another node, as long as the registry or a link knows it.
struct peer {
  peer(loop& l, std::string n, std::function<void()> dial) : name(std::move(n)), retry(l, std::move(dial)) {}

  std::string name;
  std::uint64_t hash = 0;
  fellow_facts facts;             // of the registry, as read last
  bool listed = false;            // by the registry when it was read last
  std::uint64_t incarnation = 0;  // the highest seen of that name
  std::uint16_t number = 0;       // of the link there is, or was last
  std::unique_ptr<node_link> link;
  loop_timer retry;
  std::uint32_t attempts = 0;
  std::uint64_t links = 0;  // there have been
  std::string trouble;      // why there is no link; empty while there is one
  std::uint64_t lost_ms = 0;

  announcement said;
  bool has_said = false;
  bool first_account = false;           // it tells of its sessions for the first time
  std::uint64_t notice_seen = 0;        // of ours, by it
  std::uint32_t in_flight = 0;          // our commands there
  std::uint32_t handed_out = 0;         // clients sent there since its load was read
  std::vector<std::uint64_t> gathered;  // principals of the push that is being made

  bool open() const { return link && link->where() == node_link::state::open; }
};

/// Told of links that are open and are not any more. Both are followed by nothing of the link itself.
struct links_user {
  virtual ~links_user() = default;
  virtual void linked(peer& p) = 0;
  virtual void heard(peer& p, record r, std::string_view body) = 0;
  virtual void ponged(peer& p) = 0;
  /// `serial` is the lost link's.
  virtual void unlinked(peer& p, std::uint32_t serial) = 0;
};

class links final : node_link::user {
 public:
  struct setting {
    node_identity self;
    std::string secret;
    link_limits limits;
    std::string bind;
    std::uint16_t port = 0;
    int backlog = 128;
  };

  links(loop& l, links_user& u, setting s);
  links(const links&) = delete;
  ~links() override;

  /// Listens; the error says where and why not.
  result<void> listen();
  std::uint16_t port() const { return port_; }
  void set_number(std::uint16_t number) { set_.self.number = number; }
  /// What the registry lists now.
  void know(const std::vector<fellow_facts>& fellows);
  /// Says goodbye to all, at once.
  void close();

  std::map<std::string, std::unique_ptr<peer>>& peers() { return peers_; }
  /// Of an open link; else null.
  peer* by_serial(std::uint32_t serial);
  /// Forgets one that neither the registry lists nor a link reaches.
  void forget(const std::string& name);
  /// Fellows without a link and why, and strangers that were refused within a minute; else empty.
  std::string trouble() const;
  std::uint64_t refused() const { return refused_; }

 private:
  peer& peer_named(const std::string& name);
  void dial(peer& p);
  void redial(peer& p);
  void accept();
  std::string admit(const node_identity& other);
  handshake::setting greeting(const std::string& other);
  void bury(std::unique_ptr<node_link> l);
  void note_refusal(const node_link& l);

  void link_open(node_link& l) override;
  void link_record(node_link& l, record r, std::string_view body) override;
  void link_lost(node_link& l) override;
  std::uint64_t notice_taken(node_link& l) override;
  void link_ponged(node_link& l, std::uint64_t notice) override;
  peer* of(const node_link& l);

  loop& loop_;
  links_user& user_;
  setting set_;
  uv_tcp_t* socket_ = nullptr;  // libuv's once it is closed
  std::uint16_t port_ = 0;
  std::map<std::string, std::unique_ptr<peer>> peers_;
  std::unordered_map<std::uint32_t, peer*> serials_;  // of open links
  std::vector<std::unique_ptr<node_link>> greeting_;  // accepted, nobody's yet
  std::vector<std::unique_ptr<node_link>> dead_;      // until the end of the turn
  turn_end_task burying_;
  log_gate gate_;
  struct refusal {
    std::string text;
    std::uint64_t at_ms;
  };
  std::map<std::string, refusal> refusals_;  // by address
  std::uint64_t refused_ = 0;
  bool closed_ = false;
};

}  // namespace parley::host
