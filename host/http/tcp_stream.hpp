// One accepted connection's bytes, in and out.
#pragma once

#include <uv.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/net/loop.hpp"
#include "host/net/output_pool.hpp"

namespace parley::host {

/// What all streams of a loop share, so that an idle one owns no buffer. Outlives their close().
struct stream_buffers {
  std::vector<char> input = std::vector<char>(64 << 10);
  output_pool outputs;
};

class tcp_stream {
 public:
  /// Whom the stream is a member of.
  class owner {
   public:
    /// Borrowed until it returns.
    virtual void on_bytes(std::string_view bytes) = 0;
    /// The client sends no more, or the connection is lost. Close it.
    virtual void on_end() = 0;
    /// The last unsent byte went to the system, after a flush() that could not send all at once.
    virtual void on_sent() = 0;
    /// After close(): libuv has let go, the owner may be deleted.
    virtual void on_closed() = 0;

   protected:
    ~owner() = default;
  };

  tcp_stream(owner& to, stream_buffers& shared) : to_(to), shared_(shared) {}
  tcp_stream(const tcp_stream&) = delete;
  tcp_stream& operator=(const tcp_stream&) = delete;

  /// Takes the descriptor, whatever happens. After an error on_closed() still comes.
  int open(loop& l, int descriptor);
  /// Whether on_bytes is called; off at first.
  void read(bool on);

  /// Where to append what the next flush() sends.
  std::string& output();
  /// Appends a body; a large one goes to the system first, so that only what it does not take is copied.
  void send(std::string_view body);
  /// False when the connection is lost.
  bool flush();
  /// Bytes the system has not taken.
  std::size_t unsent() const;

  /// Tells the client that nothing follows. Everything must be sent.
  void shutdown();
  void close();

 private:
  struct write_job {
    uv_write_t request;
    std::string bytes;
  };

  bool try_write(std::string_view body);
  void written(int status);

  owner& to_;
  stream_buffers& shared_;
  uv_tcp_t tcp_;
  bool reading_ = false;
  std::string output_;
  std::unique_ptr<write_job> in_flight_;
};

}  // namespace parley::host
