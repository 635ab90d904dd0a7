// Who and what a scenario is about: one server, its users, and their connections.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scenario/schema.hpp"
#include "support/http_client.hpp"
#include "support/server.hpp"
#include "support/wire_client.hpp"

namespace parley::scenario {

/// What a step expects of the next PDU.
struct expectation {
  std::uint16_t command = 0;
  std::optional<std::uint16_t> seq;
  std::string block;
  std::vector<std::string> without;  ///< fields that must not be there
  bool eventually = false;           ///< others may come before it
};

/// One connection: "alice", or "alice/phone" for a second one of hers.
struct actor {
  std::string user;
  test::wire_client wire;
  std::unique_ptr<Message> last;  ///< what was received last
  std::uint16_t last_seq = 0;
  bool logged_in = false;
};

class world {
 public:
  explicit world(const schema& messages) : messages_(messages) {}

  /// Before the server starts: an environment variable for it.
  void set(const std::string& name, const std::string& value);
  test::server& server();
  void add_user(const std::string& name);
  /// Everybody has to connect again.
  void restart(bool kill);

  actor& connect(const std::string& name);
  /// Throws test::failure when it never connected.
  actor& at(const std::string& name);
  /// Sends 0x0103 over a new connection; the seq it used.
  std::uint16_t start_login(const std::string& name, const std::string& client, const std::string& level,
                            const std::string& password);
  void log_in(const std::string& name, const std::string& client, const std::string& level);

  void send(actor& from, std::uint16_t command, std::optional<std::uint16_t> seq, const std::string& block);
  void receive(actor& to, const expectation& wanted);
  /// Nothing has come before a heartbeat is back, nor for that long after it.
  void quiet(actor& who, int milliseconds);
  void closed(actor& who, int milliseconds);
  void remember(const std::string& name, const std::string& value) { remembered_[name] = value; }

  /// Each terminal of these users that is logged in, but one, hears this next, in any order among terminals.
  void told(const std::set<std::uint32_t>& users, const actor& but, const expectation& what);
  std::uint32_t id(const std::string& user) const { return static_cast<std::uint32_t>(std::stoul(resolve('@', user))); }
  /// The members of $name, as its sentences made them.
  std::set<std::uint32_t>& members(const std::string& group) { return members_[group]; }

  /// What the last HTTP request was answered.
  test::http_response& web() { return web_; }

  /// @names and $names.
  std::string resolve(char sigil, const std::string& name) const;
  std::string expanded(const std::string& block) const;
  /// Nobody was told anything that no step spoke of, and the server ends when asked to.
  void finish();
  std::string log() const { return server_ ? server_->log() : ""; }

 private:
  /// Passes over news of another kind than the command `wanted` is.
  std::optional<test::wire_pdu> next(actor& to, std::uint16_t wanted = 0);
  std::string describe(const test::wire_pdu& pdu) const;

  const schema& messages_;
  std::map<std::string, std::string> settings_;
  std::unique_ptr<test::server> server_;
  std::map<std::string, std::uint32_t> ids_;
  std::map<std::string, std::string> remembered_;
  std::map<std::string, actor> actors_;
  std::map<std::string, std::set<std::uint32_t>> members_;
  test::http_response web_;
};

}  // namespace parley::scenario
