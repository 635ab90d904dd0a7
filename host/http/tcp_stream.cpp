#include "host/http/tcp_stream.hpp"

#include <unistd.h>

#include <algorithm>

namespace parley::host {

namespace {

constexpr std::size_t copied_body = 16 << 10;

uv_stream_t* stream_of(uv_tcp_t& tcp) {
  return reinterpret_cast<uv_stream_t*>(&tcp);
}

}  // namespace

int tcp_stream::open(loop& l, int descriptor) {
  uv_tcp_init(l.raw(), &tcp_);
  tcp_.data = this;
  const int code = uv_tcp_open(&tcp_, descriptor);
  if (code) ::close(descriptor);
  uv_tcp_nodelay(&tcp_, 1);
  return code;
}

void tcp_stream::read(bool on) {
  if (on == reading_) return;
  reading_ = on;
  if (!on) {
    uv_read_stop(stream_of(tcp_));
    return;
  }
  uv_read_start(
      stream_of(tcp_),
      [](uv_handle_t* h, std::size_t, uv_buf_t* buffer) {
        auto& input = static_cast<tcp_stream*>(h->data)->shared_.input;
        *buffer = uv_buf_init(input.data(), static_cast<unsigned>(input.size()));
      },
      [](uv_stream_t* s, ssize_t size, const uv_buf_t* buffer) {
        auto& to = static_cast<tcp_stream*>(s->data)->to_;
        if (size > 0) {
          to.on_bytes({buffer->base, static_cast<std::size_t>(size)});
        } else if (size < 0) {
          to.on_end();
        }
      });
}

std::string& tcp_stream::output() {
  if (output_.empty()) output_ = shared_.outputs.take();
  return output_;
}

void tcp_stream::send(std::string_view body) {
  if (body.size() >= copied_body && !in_flight_ && try_write(body)) return;
  output() += body;
}

bool tcp_stream::try_write(std::string_view body) {
  uv_buf_t parts[2] = {uv_buf_init(output_.data(), static_cast<unsigned>(output_.size())),
                       uv_buf_init(const_cast<char*>(body.data()), static_cast<unsigned>(body.size()))};
  const int taken = uv_try_write(stream_of(tcp_), parts, 2);
  if (taken < 0) return false;
  const auto of_output = std::min(output_.size(), static_cast<std::size_t>(taken));
  output_.erase(0, of_output);
  output_ += body.substr(static_cast<std::size_t>(taken) - of_output);
  return true;
}

bool tcp_stream::flush() {
  if (in_flight_) return true;
  auto buffer = uv_buf_init(output_.data(), static_cast<unsigned>(output_.size()));
  const int taken = output_.empty() ? 0 : uv_try_write(stream_of(tcp_), &buffer, 1);
  if (taken < 0 && taken != UV_EAGAIN) return false;
  if (taken > 0) output_.erase(0, static_cast<std::size_t>(taken));
  if (output_.empty()) {
    shared_.outputs.give(std::move(output_));
    return true;
  }
  in_flight_ = std::make_unique<write_job>();
  in_flight_->bytes = std::move(output_);
  output_ = {};
  in_flight_->request.data = this;
  buffer = uv_buf_init(in_flight_->bytes.data(), static_cast<unsigned>(in_flight_->bytes.size()));
  return uv_write(&in_flight_->request, stream_of(tcp_), &buffer, 1,
                  [](uv_write_t* r, int status) { static_cast<tcp_stream*>(r->data)->written(status); }) == 0;
}

void tcp_stream::written(int status) {
  if (uv_is_closing(reinterpret_cast<uv_handle_t*>(&tcp_))) return;
  shared_.outputs.give(std::move(in_flight_->bytes));
  in_flight_.reset();
  if (status < 0 || !flush()) return to_.on_end();
  if (unsent() == 0) to_.on_sent();
}

std::size_t tcp_stream::unsent() const {
  return output_.size() +
         (in_flight_ ? uv_stream_get_write_queue_size(reinterpret_cast<const uv_stream_t*>(&tcp_)) : 0);
}

void tcp_stream::shutdown() {
  auto* request = new uv_shutdown_t;
  const int code = uv_shutdown(request, stream_of(tcp_), [](uv_shutdown_t* r, int) { delete r; });
  if (code) delete request;
}

void tcp_stream::close() {
  reading_ = false;
  uv_close(reinterpret_cast<uv_handle_t*>(&tcp_),
           [](uv_handle_t* h) { static_cast<tcp_stream*>(h->data)->to_.on_closed(); });
}

}  // namespace parley::host
