#include "host/http/tcp_stream.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace parley::host {

namespace {

constexpr std::size_t copied_body = 16 << 10;
constexpr std::size_t much_unread = 64 << 10;  // of sealed bytes
constexpr int reads_per_event = 4;             // then the other connections have their turn

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

int tcp_stream::open(loop& l, int descriptor) {
  loop_ = &l;
  descriptor_ = descriptor;
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int code = uv_poll_init(l.raw(), &poll_, descriptor);
  polled_ = code == 0;
  poll_.data = this;
  return code;
}

// Every change costs the system calls of a new registration, so what is not wanted is dropped when it comes.
void tcp_stream::watch(int events) {
  if (events == watched_ || !polled_) return;
  watched_ = events;
  if (events == 0) {
    uv_poll_stop(&poll_);
    return;
  }
  uv_poll_start(&poll_, events, [](uv_poll_t* h, int status, int happened) {
    static_cast<tcp_stream*>(h->data)->ready(status, happened);
  });
}

void tcp_stream::read(bool on) {
  reading_ = on;
  if (on) watch(watched_ | UV_READABLE);
}

void tcp_stream::wait() {
  waiting_ = true;
  watch(watched_ | UV_WRITABLE);
}

void tcp_stream::ready(int status, int events) {
  if (status < 0) {
    watched_ = 0;  // libuv has stopped
    return to_.on_end();
  }
  if (events & ~wanted()) watch(wanted());
  if (events & UV_WRITABLE && waiting_) {
    waiting_ = false;
    if (!flush()) return to_.on_end();
    if (unsent() == 0) to_.on_sent();
  }
  if (events & UV_READABLE) read_some();
}

void tcp_stream::read_some() {
  auto& input = shared_.input;
  for (int i = 0; i < reads_per_event && reading_ && polled_; ++i) {
    if (tls_ && !tls_->ready() && !shared_.tls.may_shake_hands()) return;  // the next turn finds it readable again
    const auto n = recv(descriptor_, input.data(), input.size(), 0);
    if (n < 0 && would_block(errno)) return;
    if (n <= 0) return to_.on_end();
    const std::string_view bytes(input.data(), static_cast<std::size_t>(n));
    if (!tls_) {
      to_.on_bytes(bytes);
    } else if (!unseal(bytes)) {
      return;
    }
    if (static_cast<std::size_t>(n) < input.size()) return;
  }
}

bool tcp_stream::unseal(std::string_view sealed) {
  const bool was_ready = tls_->ready();
  const auto before = tls_->output().size();
  auto how = tls::engine::outcome::ok;
  const auto plain = shared_.tls.receive(*tls_, sealed, how);
  // Who asks for new keys again and again and reads nothing would have us keep the answers.
  const bool greedy = before > much_unread && tls_->output().size() > before;
  if (!was_ready && tls_->ready()) to_.on_secured();
  if (!plain.empty() && polled_) to_.on_bytes(plain);
  if (!polled_) return false;
  const bool alive = flush() && how == tls::engine::outcome::ok && !greedy;
  if (!alive) to_.on_end();
  return alive;
}

bool tcp_stream::seal(std::string_view plain) {
  auto& records = shared_.tls.records();
  const bool appended = tls_->append(plain, records);
  const bool sealed = tls_->finish(records) && appended;
  lost_ = lost_ || !sealed;
  return sealed;
}

bool tcp_stream::seal_output() {
  if (output_.empty()) return true;
  if (tls_->output().empty()) tls_->output() = shared_.outputs.take();
  const bool sealed = seal(output_);
  shared_.outputs.give(std::move(output_));
  output_.clear();
  return sealed;
}

std::string& tcp_stream::output() {
  if (output_.empty()) output_ = shared_.outputs.take();
  return output_;
}

std::optional<std::size_t> tcp_stream::write(std::string_view first, std::string_view second, bool more) {
  iovec parts[2] = {{const_cast<char*>(first.data()), first.size()}, {const_cast<char*>(second.data()), second.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = second.empty() ? 1 : 2;
  const auto n = sendmsg(descriptor_, &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
  if (n < 0 && !would_block(errno)) return std::nullopt;
  const auto taken = n < 0 ? 0 : static_cast<std::size_t>(n);
  given_ += taken;
  return taken;
}

void tcp_stream::send(std::string_view body) {
  if (tls_ && body.size() >= copied_body && polled_) {
    if (seal_output() && seal(body)) return;
    tls_->output().clear();
    sent_ = 0;
    return;
  }
  if (body.size() >= copied_body && !waiting_ && polled_) {
    const auto before = std::string_view(output_).substr(sent_);
    if (const auto taken = write(before, body, false)) {
      const auto of_output = std::min(before.size(), *taken);
      sent_ += of_output;
      body.remove_prefix(*taken - of_output);
    }
  }
  output() += body;
}

bool tcp_stream::flush(bool more) {
  if (lost_ || (tls_ && !seal_output())) return false;
  if (waiting_) return true;
  auto& sending = tls_ ? tls_->output() : output_;
  while (unsent() > 0) {
    const auto taken = write(std::string_view(sending).substr(sent_), {}, more);
    if (!taken) return false;
    if (*taken == 0) {
      wait();
      return true;
    }
    sent_ += *taken;
  }
  shared_.outputs.give(std::move(sending));
  sending.clear();
  sent_ = 0;
  return true;
}

tcp_stream::progress tcp_stream::send_sealed(int file, std::uint64_t& at, std::uint64_t end) {
  auto& piece = shared_.piece;
  if (piece.empty()) piece.resize(64 << 10);
  const auto most = std::min<std::uint64_t>(piece.size(), end - at);
  const auto n = pread(file, piece.data(), static_cast<std::size_t>(most), static_cast<off_t>(at));
  if (n == 0) return progress::ended;
  if (n < 0) return progress::lost;
  if (tls_->output().empty()) tls_->output() = shared_.outputs.take();
  if (!seal({piece.data(), static_cast<std::size_t>(n)})) return progress::lost;
  at += static_cast<std::uint64_t>(n);
  if (!flush(at < end)) return progress::lost;
  return unsent() > 0 ? progress::later : progress::some;
}

tcp_stream::progress tcp_stream::send_file(int file, std::uint64_t& at, std::uint64_t end) {
  if (tls_) return send_sealed(file, at, end);
  auto from = static_cast<off_t>(at);
  const auto n = sendfile(descriptor_, file, &from, end - at);
  if (n == 0) return progress::ended;
  if (n < 0 && !would_block(errno)) return progress::lost;
  if (n < 0) {
    wait();
    return progress::later;
  }
  at += static_cast<std::uint64_t>(n);
  given_ += static_cast<std::uint64_t>(n);
  return progress::some;
}

std::uint64_t tcp_stream::taken() const {
  int queued = 0;
  if (!polled_ || ioctl(descriptor_, SIOCOUTQ, &queued) != 0) return given_;
  return given_ - std::min(given_, static_cast<std::uint64_t>(queued));
}

void tcp_stream::shutdown() {
  if (tls_) {
    tls_->say_goodbye();
    flush();  // the socket has taken everything: it takes these few bytes, too
  }
  ::shutdown(descriptor_, SHUT_WR);
}

void tcp_stream::close() {
  let_go();
  ::close(descriptor_);
}

tcp_stream::released tcp_stream::release() {
  if (tls_) seal_output();
  (tls_ ? tls_->output() : output_).erase(0, std::exchange(sent_, 0));
  released out{descriptor_, std::move(tls_), std::move(output_)};
  output_.clear();
  let_go();
  return out;
}

void tcp_stream::let_go() {
  reading_ = waiting_ = false;
  if (polled_) {
    uv_close(reinterpret_cast<uv_handle_t*>(&poll_),
             [](uv_handle_t* h) { static_cast<tcp_stream*>(h->data)->to_.on_closed(); });
  } else {
    loop_->post([this] { to_.on_closed(); });
  }
  polled_ = false;
}

}  // namespace parley::host
