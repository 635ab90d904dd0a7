#include "host/control/control_connection.hpp"

#include <memory>

#include "host/control/control_server.hpp"

namespace parley::host {

namespace {

struct write_request {
  uv_write_t raw;
  control_connection* owner;
  std::size_t* unsent;
  std::string data;
};

}  // namespace

control_connection::control_connection(control_server& server) : server_(server) {
  pipe_.data = this;
}

void control_connection::start_reading() {
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&pipe_),
      [](uv_handle_t*, std::size_t, uv_buf_t* buf) {
        static constexpr std::size_t chunk = 64 << 10;
        *buf = uv_buf_init(new char[chunk], chunk);
      },
      [](uv_stream_t* s, ssize_t count, const uv_buf_t* buf) {
        std::unique_ptr<char[]> owned(buf->base);
        auto* self = static_cast<control_connection*>(s->data);
        if (count > 0) {
          self->received({buf->base, static_cast<std::size_t>(count)});
        } else if (count < 0) {
          self->close();
        }
      });
}

void control_connection::received(std::string_view data) {
  input_.append(data);
  for (;;) {
    const auto end = input_.find('\n', input_.size() > data.size() ? input_.size() - data.size() : 0);
    if (end == std::string::npos) break;
    const std::string line = input_.substr(0, end);
    input_.erase(0, end + 1);
    data = input_;
    server_.request(*this, line);
    if (closing_) return;
  }
  if (input_.size() > max_line) {
    send({{"ok", false}, {"code", "too large"}, {"error", "a request is at most 64 MiB"}});
    close();
  }
  if (input_.empty()) std::string().swap(input_);
}

void control_connection::send(const nlohmann::ordered_json& line) {
  if (closing_) return;
  auto* request = new write_request{
      {}, this, &unsent_, line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n"};
  unsent_ += request->data.size();
  auto buf = uv_buf_init(request->data.data(), static_cast<unsigned>(request->data.size()));
  const int code =
      uv_write(&request->raw, reinterpret_cast<uv_stream_t*>(&pipe_), &buf, 1, [](uv_write_t* raw, int status) {
        std::unique_ptr<write_request> r(reinterpret_cast<write_request*>(raw));
        *r->unsent -= r->data.size();
        if (status < 0) r->owner->close();
      });
  if (code < 0) {
    unsent_ -= request->data.size();
    delete request;
    close();
  }
}

void control_connection::close() {
  if (closing_) return;
  closing_ = true;
  server_.gone(*this);
  uv_close(reinterpret_cast<uv_handle_t*>(&pipe_),
           [](uv_handle_t* h) { delete static_cast<control_connection*>(h->data); });
}

}  // namespace parley::host
