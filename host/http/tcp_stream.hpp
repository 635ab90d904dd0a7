// One accepted connection's bytes, in and out.
//
// Rationale: a polled descriptor, not a uv_tcp_t: files go out by sendfile(), which has to wait for the same socket.
// With TLS they are read and sealed piece by piece.
#pragma once

#include <sys/types.h>
#include <uv.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/net/loop.hpp"
#include "host/net/output_pool.hpp"
#include "host/net/tls_desk.hpp"

namespace parley::host {

/// What all streams of a loop share, so that an idle one owns no buffer. Outlives their close().
struct stream_buffers {
  explicit stream_buffers(loop& l) : tls(l) {}
  std::vector<char> input = std::vector<char>(64 << 10);
  std::vector<char> piece;  // of a file that goes out sealed; empty until there is one
  output_pool outputs;
  tls_desk tls;
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
    /// The socket takes more, and nothing is unsent: after a flush() or send_file() that could not send all at once,
    /// and after wait().
    virtual void on_sent() = 0;
    /// The TLS handshake has ended well, before the first bytes.
    virtual void on_secured() {}
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
  /// Everything is TLS, from the first byte. Before read().
  void secure(std::shared_ptr<const tls::server_identity> who) { tls_ = std::make_unique<tls::engine>(std::move(who)); }
  bool secured() const { return tls_ != nullptr; }
  /// Whether on_bytes is called; off at first.
  void read(bool on);

  /// Where to append what the next flush() sends.
  std::string& output();
  /// Appends a body; a large one goes to the system first, so that only what it does not take is copied.
  void send(std::string_view body);
  /// False when the connection is lost. `more`: something follows at once, wait for it before sending a small packet.
  bool flush(bool more = false);
  /// Bytes the system has not taken.
  std::size_t unsent() const { return output_.size() + (tls_ ? tls_->output().size() : 0) - sent_; }

  enum class progress { some, later, ended, lost };
  /// Sends of a file, from `at`, which it moves, up to `end`; nothing may be unsent. ended: the file has no more.
  progress send_file(int file, std::uint64_t& at, std::uint64_t end);
  /// on_sent() in a later turn, when the socket takes more.
  void wait();
  /// All bytes the client's system has acknowledged so far.
  std::uint64_t taken() const;

  /// Tells the client that nothing follows. Everything must be sent.
  void shutdown();
  void close();
  /// As close(), but somebody else goes on with the connection: its descriptor, its TLS, and what is unsent.
  struct released {
    int descriptor = -1;
    std::unique_ptr<parley::tls::engine> tls;
    std::string unsent;  // with TLS in its output instead
  };
  released release();

 private:
  void let_go();
  /// What the system took, or nothing when the connection is lost.
  std::optional<std::size_t> write(std::string_view first, std::string_view second, bool more);
  int wanted() const { return (reading_ ? UV_READABLE : 0) | (waiting_ ? UV_WRITABLE : 0); }
  progress send_sealed(int file, std::uint64_t& at, std::uint64_t end);
  void watch(int events);
  void ready(int status, int events);
  void read_some();
  /// False when nothing more is to be read now.
  bool unseal(std::string_view sealed);
  bool seal(std::string_view plain);
  bool seal_output();

  owner& to_;
  stream_buffers& shared_;
  loop* loop_ = nullptr;
  uv_poll_t poll_;
  int descriptor_ = -1;
  int watched_ = 0;  // at least wanted(): what is not wanted any more is noticed when it comes
  bool polled_ = false;
  bool reading_ = false;
  bool waiting_ = false;              // for the socket to take more
  bool lost_ = false;                 // an answer could not be sealed
  std::unique_ptr<tls::engine> tls_;  // null without TLS
  std::string output_;                // with TLS: not yet sealed
  std::size_t sent_ = 0;              // of output_, with TLS of what is sealed
  std::uint64_t given_ = 0;           // to the system, ever
};

}  // namespace parley::host
