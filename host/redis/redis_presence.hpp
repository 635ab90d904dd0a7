// Who is online, readable straight from Redis by anything outside.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "host/net/session_table.hpp"
#include "host/redis/redis_link.hpp"

namespace parley::host {

/// Hash parley:presence:<user id>: a field per client type (decimal), its value <node>:<unix seconds of the connect>.
/// The hash is gone with its last field. The node's memory is the truth and this follows it: changes of one turn leave
/// together, only the last of each user and client type; whenever Redis comes (at the start, too) everything is written
/// anew, and fields of this node that nobody stands for, its former life's, are removed. A field is removed only while
/// it names this node. Nodes on one Redis need different names. At most `window` commands are in flight, so that ten
/// thousand sessions neither stall the loop nor fill the queue. [loop]
class redis_presence final : redis_watcher {
 public:
  redis_presence(loop& l, session_table& sessions, redis_link& link, std::string node);
  redis_presence(const redis_presence&) = delete;
  /// Stops the link.
  ~redis_presence() override;

  /// A session has become, or is no more, a terminal.
  void changed(std::uint64_t user, std::uint32_t tag);
  /// Only what has changed is still written, so that it soon is idle.
  void finish();
  /// Nothing is left to write, or nobody there to write to.
  bool idle() const;

  struct counters {
    std::uint64_t written = 0;
    std::uint64_t removed = 0;
    std::uint64_t refused = 0;
  };
  const counters& stats() const { return counters_; }
  std::size_t waiting() const { return changed_.size() + to_write_.size(); }

 private:
  static constexpr std::size_t window = 512;
  using terminal = std::pair<std::uint64_t, std::uint32_t>;  // user, tag
  struct timer_handle;

  void redis_settled() override { begin(); }
  void redis_down() override;
  void begin();
  void clear_pass();
  void give_up();
  void work();
  void write(const terminal& t);
  void remove(const terminal& t);
  std::uint64_t online_since(const terminal& t);
  void scan();
  void scanned(const redisReply* reply);
  void look_at(const std::string& key);
  void looked_at(const std::string& key, const redisReply* reply);
  /// Counts the command in and, when it is answered, out.
  template <class Then>
  void send(std::initializer_list<std::string_view> words, Then then);
  void send(std::initializer_list<std::string_view> words, std::uint64_t& done);

  loop& loop_;
  session_table& sessions_;
  redis_link& link_;
  const std::string owner_;  // "<node>:"
  std::set<terminal> changed_;
  std::vector<parley_session_id> to_write_;
  std::vector<std::string> to_look_at_;
  std::string cursor_;  // of the scan; empty when it is over
  bool scan_sent_ = false;
  bool refused_ = false;
  bool finishing_ = false;
  std::size_t in_flight_ = 0;
  turn_end_task working_;
  timer_handle* retry_;  // libuv's once it is closed
  counters counters_;
};

}  // namespace parley::host
