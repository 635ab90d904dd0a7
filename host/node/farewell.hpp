// Sends the clients of a node that drains to other nodes.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "host/net/session_table.hpp"
#include "parley/abi/node.h"

namespace parley::host {

/// Those of level 1 are told where to go, one after the other, and served for a while yet; then, and at once for level
/// 0, what is in flight is finished and the connection ends. Who is there for one transfer is left alone. [loop]
class farewell {
 public:
  struct setting {
    std::uint16_t command = 0;
    std::uint64_t spread_ms = 0;  // from the first one told to the last
    std::uint64_t stay_ms = 0;    // that each is still served
    /// Where to send one who speaks TLS or not; false when there is nowhere.
    std::function<bool(bool tls, parley_endpoint& out)> place;
  };

  farewell(session_table& sessions, setting how, std::uint64_t now_ms);

  /// What is due by now.
  void step(std::uint64_t now_ms);
  bool over() const { return next_ == all_.size() && told_.empty() && leaving_.empty(); }
  std::size_t size() const { return all_.size(); }

 private:
  void tell(session& s, std::uint64_t now_ms);
  void let_go(session& s);

  session_table& sessions_;
  const setting set_;
  const std::uint64_t began_ms_;
  std::vector<parley_session_id> all_;
  std::size_t next_ = 0;
  struct guest {
    parley_session_id session;
    std::uint64_t until_ms;
  };
  std::deque<guest> told_;
  std::vector<parley_session_id> leaving_;  // until what is in flight is answered
};

}  // namespace parley::host
