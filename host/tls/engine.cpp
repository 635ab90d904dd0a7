#include "host/tls/engine.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace parley::tls {

namespace {

constexpr std::size_t largest_hello = 16 << 10;
constexpr std::uint32_t most_late_messages = 256;  // of a client, in a connection's life

/// The heads of the first record and of the message in it. OpenSSL makes room for the length that a hello announces, up
/// to 128 KiB, before anything of it has come.
bool is_small_hello(std::span<const char> head) {
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(head[i])); };
  const auto record = at(3) << 8 | at(4), message = at(6) << 16 | at(7) << 8 | at(8);
  return record >= 4 && message <= largest_hello;
}

}  // namespace

/// Where OpenSSL reads and writes.
struct engine_bio {
  static engine& of(BIO* bio) { return *static_cast<engine*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* out, std::size_t size, std::size_t* got) {
    auto& input = of(bio).input_;
    BIO_clear_retry_flags(bio);
    *got = of(bio).late_messages_ > most_late_messages ? 0 : std::min(size, input.size());
    if (*got == 0) {
      BIO_set_retry_read(bio);
      return 0;
    }
    std::memcpy(out, input.data(), *got);
    input.remove_prefix(*got);
    return 1;
  }

  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* taken) {
    BIO_clear_retry_flags(bio);
    of(bio).output_.append(bytes, size);
    *taken = size;
    return 1;
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static const BIO_METHOD* method() {
    static BIO_METHOD* const made = [] {
      auto* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "parley");
      BIO_meth_set_read_ex(m, read);
      BIO_meth_set_write_ex(m, write);
      BIO_meth_set_ctrl(m, control);
      return m;
    }();
    return made;
  }
};

engine::engine(std::shared_ptr<const server_identity> who) : ssl_(SSL_new(who->raw())), server_(true) {
  if (!ssl_) throw std::bad_alloc();
  keeper_ = std::move(who);
  attach();
  SSL_set_accept_state(ssl_.get());
  // New keys cost us more than the client, and one read may hold thousands of such messages.
  SSL_set_msg_callback_arg(ssl_.get(), this);
  SSL_set_msg_callback(ssl_.get(), [](int sent, int, int type, const void*, std::size_t, SSL*, void* self) {
    auto& e = *static_cast<engine*>(self);
    if (!sent && type == SSL3_RT_HANDSHAKE && e.ready_) ++e.late_messages_;
  });
}

engine::engine(std::shared_ptr<const client_context> trust, const std::string& host) : ssl_(SSL_new(trust->raw())) {
  if (!ssl_) throw std::bad_alloc();
  keeper_ = std::move(trust);
  attach();
  SSL_set_connect_state(ssl_.get());
  const bool address = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str()) == 1;
  if (address) return;
  ERR_clear_error();
  SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
  SSL_set1_host(ssl_.get(), host.c_str());
}

engine::~engine() = default;

void engine::attach() {
  auto* bio = BIO_new(engine_bio::method());
  if (!bio) throw std::bad_alloc();
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
}

engine::outcome engine::fail(std::string why) {
  over_ = true;
  ready_ = false;
  reason_ = std::move(why);
  return outcome::failed;
}

engine::outcome engine::shake_hands() {
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl_.get());
  if (done == 1) {
    ready_ = true;
    return outcome::ok;
  }
  if (SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ) return outcome::ok;
  const auto verified = SSL_get_verify_result(ssl_.get());
  auto why = take_error();
  if (verified != X509_V_OK && SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE)
    why = X509_verify_cert_error_string(verified);
  return fail(why);
}

engine::outcome engine::begin() {
  return shake_hands();
}

engine::outcome engine::receive(std::string_view sealed, std::span<char> plain, std::size_t& got) {
  constexpr char handshake_record = 0x16;
  got = 0;
  if (over_) return outcome::failed;
  if (server_ && head_size_ < head_.size()) {
    if (head_size_ == 0 && !sealed.empty() && sealed.front() != handshake_record) {
      plain_text_ = true;
      return fail("no TLS");
    }
    const auto taken = sealed.copy(head_.data() + head_size_, head_.size() - head_size_);
    head_size_ += taken;
    sealed.remove_prefix(taken);
    if (head_size_ < head_.size()) return outcome::ok;
    if (!is_small_hello(head_)) return fail("no ClientHello of a sensible size");
    input_ = {head_.data(), head_.size()};
    if (const auto how = shake_hands(); how != outcome::ok) return how;
  }
  input_ = sealed;
  if (!ready_) {
    if (const auto how = shake_hands(); how != outcome::ok) return how;
  }
  while (ready_) {
    std::size_t n = 0;
    ERR_clear_error();
    if (SSL_read_ex(ssl_.get(), plain.data() + got, plain.size() - got, &n) == 1) {
      got += n;
      continue;
    }
    const int why = SSL_get_error(ssl_.get(), 0);
    if (late_messages_ > most_late_messages) return fail("too many handshake messages");
    if (why == SSL_ERROR_WANT_READ) break;
    input_ = {};
    if (why == SSL_ERROR_ZERO_RETURN) return outcome::ended;
    return fail(take_error());
  }
  input_ = {};
  return outcome::ok;
}

bool engine::write(std::string_view plain) {
  std::size_t taken = 0;
  ERR_clear_error();
  if (SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &taken) == 1) return true;
  fail(take_error());
  return false;
}

bool engine::append(std::string_view plain, record_buffer& records) {
  if (over_) return false;
  while (!plain.empty()) {
    if (records.used == 0 && plain.size() >= record_buffer::size) {
      const auto whole = plain.size() - plain.size() % record_buffer::size;
      if (!write(plain.substr(0, whole))) return false;
      plain.remove_prefix(whole);
      continue;
    }
    const auto fits = std::min(plain.size(), record_buffer::size - records.used);
    std::memcpy(records.bytes.get() + records.used, plain.data(), fits);
    records.used += fits;
    plain.remove_prefix(fits);
    if (records.used == record_buffer::size && !finish(records)) return false;
  }
  return true;
}

bool engine::finish(record_buffer& records) {
  const auto used = std::exchange(records.used, 0);
  return used == 0 || (!over_ && write({records.bytes.get(), used}));
}

void engine::say_goodbye() {
  if (!ready_ || over_ || (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN)) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

}  // namespace parley::tls
