#include "chat/input.hpp"

#include <unistd.h>

namespace parley::chat {

struct input::stream {
  union {
    uv_handle_t any;
    uv_stream_t stream;
    uv_tty_t tty;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
  } handle;
  input* owner;
  char buffer[4096];
};

input::input(client::event_loop& loop, std::function<void(std::string_view)> took, std::function<void()> ended)
    : took_(std::move(took)), ended_(std::move(ended)), start_(loop) {
  const uv_handle_type kind = uv_guess_handle(STDIN_FILENO);
  if (kind != UV_TTY && kind != UV_NAMED_PIPE && kind != UV_TCP) {
    start_.once(0, [this] { read_file(); });
    return;
  }
  stream_ = new stream;
  stream_->owner = this;
  if (kind == UV_TTY) {
    uv_tty_init(loop.uv(), &stream_->handle.tty, STDIN_FILENO, 1);
  } else if (kind == UV_NAMED_PIPE) {
    uv_pipe_init(loop.uv(), &stream_->handle.pipe, 0);
    uv_pipe_open(&stream_->handle.pipe, STDIN_FILENO);
  } else {
    uv_tcp_init(loop.uv(), &stream_->handle.tcp);
    uv_tcp_open(&stream_->handle.tcp, STDIN_FILENO);
  }
  stream_->handle.any.data = stream_;
  uv_read_start(
      &stream_->handle.stream,
      [](uv_handle_t* h, std::size_t, uv_buf_t* buffer) {
        auto* const me = static_cast<stream*>(h->data);
        *buffer = uv_buf_init(me->buffer, sizeof me->buffer);
      },
      [](uv_stream_t* h, ssize_t size, const uv_buf_t* buffer) {
        auto* const me = static_cast<stream*>(h->data);
        if (size > 0) return me->owner->took_({buffer->base, static_cast<std::size_t>(size)});
        if (size == 0) return;
        uv_read_stop(h);
        me->owner->ended_();
      });
}

input::~input() {
  if (!stream_) return;
  uv_close(&stream_->handle.any, [](uv_handle_t* h) { delete static_cast<stream*>(h->data); });
}

bool input::is_terminal() const {
  return stream_ && stream_->handle.any.type == UV_TTY;
}

void input::raw(bool on) {
  if (is_terminal()) uv_tty_set_mode(&stream_->handle.tty, on ? UV_TTY_MODE_RAW : UV_TTY_MODE_NORMAL);
}

void input::read_file() {
  char buffer[4096];
  for (;;) {
    const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
    if (size <= 0) return ended_();
    took_({buffer, static_cast<std::size_t>(size)});
  }
}

}  // namespace parley::chat
