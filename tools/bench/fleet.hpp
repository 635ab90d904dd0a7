#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "bench/arguments.hpp"
#include "bench/device.hpp"
#include "bench/histogram.hpp"
#include "bench/report.hpp"

namespace parley::bench {

/// Which users a benchmark uses: PREFIX1, PREFIX2, ... with one password.
struct crowd {
  client::endpoint server;
  std::string prefix;
  std::string password;
  std::size_t concurrency;  ///< logins under way at once
  std::uint32_t level = client::spoken_level;
  std::size_t others_from = SIZE_MAX;  ///< from this index on they log in at `other`
  client::endpoint other;

  static crowd take(arguments& from);
  void describe(report& out) const;
  const client::endpoint& place(std::size_t index) const { return index < others_from ? server : other; }
  std::string name(std::size_t number) const { return prefix + std::to_string(number); }
  client::credentials user(std::size_t number) const;
};

/// Many devices that log in once and stay. Destroy it before its loop. [thread of the loop]
class fleet {
 public:
  using received = std::function<void(std::size_t index, const client::pdu&)>;

  fleet(client::event_loop& loop, crowd users, received on_pdu);

  /// Logs in the users 1 to `count`, device i being user i + 1. Turns the loop until all are in, one is refused, or
  /// nothing happened for 30 s. A refusal says what to do about it.
  client::result<> login(std::size_t count);

  device& at(std::size_t index) { return *devices_[index]; }
  std::size_t size() const { return devices_.size(); }
  const crowd& users() const { return users_; }

  /// Connections that ended after their login, and why the first one did.
  std::size_t lost() const { return lost_; }
  const std::string& loss() const { return loss_; }

  const histogram& login_times() const { return login_times_; }
  /// Those since the last call.
  histogram take_login_times() { return std::exchange(login_times_, histogram()); }

 private:
  void start(std::size_t index);
  void ready(std::size_t index, const client::result<client::identity>& answer);

  client::event_loop& loop_;
  crowd users_;
  received on_pdu_;
  std::deque<std::unique_ptr<device>> devices_;
  histogram login_times_;
  std::size_t under_way_ = 0;
  std::size_t in_ = 0;
  std::size_t lost_ = 0;
  std::string loss_;
  std::string refusal_;
};

}  // namespace parley::bench
