#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/file_transfer.hpp"

namespace parley::client {

/// Carries one file whatever becomes of the connections: attempts with growing pauses, each going on where the last one
/// stopped, until the file is there or nothing helps. It may be destroyed at any time, also from its own handlers; the
/// other side then finds the connection gone. [thread of the loop]
class file_delivery {
 public:
  enum class end : std::uint8_t {
    complete,
    stopped,    ///< by this side, which was told as far as somebody was there
    cancelled,  ///< by the other side
    refused,    ///< by the other side
    unknown,    ///< the server does not know it, or not for us
    broken,     ///< the disk, or somebody who does not keep to the protocol
    given_up,   ///< no server for too long; it can be tried again
  };
  struct handlers {
    std::function<void()> began;  ///< once
    std::function<void()> moved;
    std::function<void(const std::string& reason)> interrupted;
    /// Once. The text is for people.
    std::function<void(end, const std::string& text)> ended;
  };

  /// How long it is tried in vain.
  static constexpr std::uint64_t patience_ms = 60'000;

  /// Roles that send need `from`, the others `to`; neither is needed when all that is wanted is stop().
  file_delivery(event_loop& loop, file_task what, std::vector<endpoint> servers, std::shared_ptr<block_source> from,
                std::shared_ptr<block_sink> to, handlers on);

  void start();
  /// Tells the other side, for which it may have to connect first; then it has ended.
  void stop(file_state how);

  std::uint32_t moved() const { return transfer_ ? transfer_->moved() : 0; }
  bool has_begun() const { return began_; }
  const file_task& task() const { return what_; }

 private:
  void attempt();
  void entered();
  void attempt_ended(file_transfer::end how, const std::string& text);
  void tell(const std::function<void()>& what) const;
  void finish(end how, const std::string& text);

  event_loop& loop_;
  const file_task what_;
  const std::vector<endpoint> servers_;
  const std::shared_ptr<block_source> from_;
  const std::shared_ptr<block_sink> to_;
  const std::shared_ptr<const handlers> on_;
  timer pause_;
  std::unique_ptr<file_transfer> transfer_;
  std::optional<file_state> stopping_;
  std::size_t next_server_ = 0;
  std::uint64_t failing_since_ms_ = 0;
  std::uint64_t entered_at_ms_ = 0;
  std::uint32_t furthest_ = 0;  ///< bytes, of all attempts: less is no progress
  int failures_ = 0;
  bool trying_ = false;
  bool began_ = false;
  bool over_ = false;
};

}  // namespace parley::client
