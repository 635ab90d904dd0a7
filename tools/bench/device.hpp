#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "client/connection.hpp"
#include "client/login.hpp"

namespace parley::bench {

/// One terminal of one user: connects, logs in, and from then on hands out what it receives. Lighter than
/// client::session: no timer, no table of requests. [thread of the loop]
class device {
 public:
  struct handlers {
    /// Once: logged in, or not.
    std::function<void(const client::result<client::identity>&)> ready;
    std::function<void(const client::pdu&)> received;
    /// The connection ended after the login, or the user was kicked.
    std::function<void(const std::string& reason)> lost;
  };

  device(client::event_loop& loop, const client::endpoint& to, client::credentials who, handlers on);

  client::connection& line() { return line_; }
  const client::identity& me() const { return me_; }

  std::uint64_t connecting_ns() const { return opened_ns_ - started_ns_; }
  std::uint64_t login_ns() const { return ready_ns_ - started_ns_; }  ///< the connecting included

 private:
  void opened();
  void received(const client::pdu& next);
  void closed(std::string_view reason);

  handlers on_;
  client::credentials who_;
  client::connection line_;
  client::identity me_;
  std::uint64_t started_ns_;
  std::uint64_t opened_ns_ = 0;
  std::uint64_t ready_ns_ = 0;
  bool told_ = false;
};

}  // namespace parley::bench
