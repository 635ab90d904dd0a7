// A connection for one file, as the protocol has it; blocking, for tests with a thread per connection.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "IM.File.pb.h"
#include "support/chat_client.hpp"

namespace parley::test {

using IM::BaseDefine::ClientFileRole;

/// Bytes of which no block is like another.
std::string file_content(std::size_t size, std::uint32_t seed = 1);

/// What 0x0506 is answered with. Throws failure without an answer.
IM::File::IMFileRsp offer_file(chat_client& from, std::uint32_t to, std::size_t size,
                               IM::BaseDefine::TransferFileType mode);

class file_line {
 public:
  /// Connects and sends 0x0501; answer() is what came back.
  file_line(std::uint16_t port, std::string task, std::uint32_t user, ClientFileRole role, std::uint32_t level = 0,
            std::uint32_t resume = 0, int receive_buffer = 0);

  const IM::File::IMFileLoginRsp& answer() const { return answer_; }

  /// Roles 1 and 3: answers pulls out of `content` until the end; true when the end is 0x0503 "done". `after` may break
  /// it off behind a block, given how many it has sent.
  bool give(const std::string& content, const std::function<bool(std::size_t)>& after = {});
  /// Roles 2 and 4: pulls what is missing of `size` bytes, `window` blocks at a time; true when it is all there, and
  /// with role 4 the server said "done". A receiver says it itself.
  bool fetch(std::string& into, std::size_t size, std::size_t window = 1,
             const std::function<bool(std::size_t)>& after = {});

  void pull(std::size_t offset);
  void say_done();
  wire_client& wire() { return wire_; }

 private:
  bool online() const {
    return role_ == IM::BaseDefine::CLIENT_REALTIME_SENDER || role_ == IM::BaseDefine::CLIENT_REALTIME_RECVER;
  }
  std::string task_;
  std::uint32_t user_;
  ClientFileRole role_;
  wire_client wire_;
  IM::File::IMFileLoginRsp answer_;
  std::uint16_t seq_ = 0;
};

}  // namespace parley::test
