// One connection's TLS, over bytes: what the peer sent goes in, what it is to be sent comes out.
//
// Rationale: a BIO of our own over borrowed input and a string, not memory BIOs: an idle connection owns no buffer.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "host/tls/client_context.hpp"
#include "host/tls/server_identity.hpp"

namespace parley::tls {

/// Small pieces become one record here. Shared by the connections of a thread, empty between their calls.
struct record_buffer {
  static constexpr std::size_t size = 16 << 10;  // a record's most
  std::unique_ptr<char[]> bytes = std::make_unique<char[]>(size);
  std::size_t used = 0;
};

/// handshaking -> ready -> ended | failed
class engine {
 public:
  explicit engine(std::shared_ptr<const server_identity> who);
  /// A client of `host`, whose name or address the certificate has to have.
  engine(std::shared_ptr<const client_context> trust, const std::string& host);
  engine(const engine&) = delete;
  ~engine();

  enum class outcome {
    ok,
    ended,  // the peer has said that it sends no more
    failed  // reason(); an alert may be in the output
  };
  /// Takes all of `sealed`; plaintext goes to the front of `plain`, `got` bytes. That needs plain_room() of what is
  /// given.
  outcome receive(std::string_view sealed, std::span<char> plain, std::size_t& got);
  static constexpr std::size_t plain_room(std::size_t sealed) { return sealed + (17 << 10); }
  /// A client's first words.
  outcome begin();

  /// Plaintext to be sent; finish() puts the last of it into the output. Only when ready. False: failed.
  bool append(std::string_view plain, record_buffer& records);
  bool finish(record_buffer& records);
  /// Tells the peer that nothing follows, once.
  void say_goodbye();

  bool ready() const { return ready_; }
  bool failed() const { return over_; }
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  /// The first bytes were no TLS.
  bool plain_text() const { return plain_text_; }
  const std::string& reason() const { return reason_; }
  /// "TLSv1.3"
  const char* version() const { return SSL_get_version(ssl_.get()); }

  SSL* raw() { return ssl_.get(); }

  /// Bytes for the peer.
  std::string& output() { return output_; }

 private:
  friend struct engine_bio;
  void attach();
  outcome shake_hands();
  outcome fail(std::string why);
  bool write(std::string_view plain);

  std::shared_ptr<const void> keeper_;
  ssl_ptr ssl_;
  std::string_view input_;  // during receive()
  std::string output_;
  std::string reason_;
  bool server_ = false;
  std::array<char, 9> head_;  // a server's first bytes, looked at before OpenSSL sees them
  std::size_t head_size_ = 0;
  std::uint32_t late_messages_ = 0;  // of the handshake's kind, after it
  bool ready_ = false;
  bool over_ = false;
  bool plain_text_ = false;
};

}  // namespace parley::tls
