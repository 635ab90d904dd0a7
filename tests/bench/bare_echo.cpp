// The rival of the relay benchmark: a bare libuv server that frames, parses and serializes the same message and does
// nothing else. Writes are coalesced per loop turn, as a good bare server would.
//
//   bare_echo        prints "port N" and serves until SIGTERM
#include <uv.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "echo.pb.h"
#include "host/net/pdu.hpp"

namespace {

struct connection {
  uv_tcp_t tcp;
  std::string pending;
  std::string output;
  bool dirty = false;
};

std::vector<connection*> dirty;
std::vector<char> read_buffer(64 << 10);
pb::Echo request;
pb::Echo reply;

struct write_request {
  uv_write_t raw;
  std::string data;
};

std::size_t serve(connection& c, std::string_view data) {
  using namespace parley::host;
  std::size_t used = 0;
  while (data.size() - used >= header_size) {
    const char* p = data.data() + used;
    const std::size_t length = load32(p);
    if (data.size() - used < length) break;
    used += length;
    if (!request.ParseFromArray(p + header_size, static_cast<int>(length - header_size))) continue;
    reply.set_text(request.text());
    const auto size = reply.ByteSizeLong();
    const auto at = c.output.size();
    c.output.resize(at + header_size + size);
    store_header(c.output.data() + at, 0x8002, load16(p + 12), size);
    reply.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(c.output.data() + at + header_size));
  }
  if (!c.output.empty() && !c.dirty) {
    c.dirty = true;
    dirty.push_back(&c);
  }
  return used;
}

void closed(uv_handle_t* h) {
  delete static_cast<connection*>(h->data);
}

void read(uv_stream_t* s, ssize_t count, const uv_buf_t* buf) {
  auto& c = *static_cast<connection*>(s->data);
  if (count < 0) {
    if (c.dirty) std::erase(dirty, &c);
    return uv_close(reinterpret_cast<uv_handle_t*>(s), closed);
  }
  const std::string_view data(buf->base, static_cast<std::size_t>(count));
  if (c.pending.empty()) {
    const auto used = serve(c, data);
    c.pending.assign(data.substr(used));
  } else {
    c.pending.append(data);
    c.pending.erase(0, serve(c, c.pending));
  }
}

void flush(uv_prepare_t*) {
  for (auto* c : dirty) {
    c->dirty = false;
    auto buf = uv_buf_init(c->output.data(), static_cast<unsigned>(c->output.size()));
    const int done = uv_try_write(reinterpret_cast<uv_stream_t*>(&c->tcp), &buf, 1);
    const std::size_t wrote = done > 0 ? static_cast<std::size_t>(done) : 0;
    if (wrote < c->output.size()) {
      auto* w = new write_request{{}, c->output.substr(wrote)};
      auto rest = uv_buf_init(w->data.data(), static_cast<unsigned>(w->data.size()));
      uv_write(&w->raw, reinterpret_cast<uv_stream_t*>(&c->tcp), &rest, 1,
               [](uv_write_t* raw, int) { delete reinterpret_cast<write_request*>(raw); });
    }
    c->output.clear();
  }
  dirty.clear();
}

void accepted(uv_stream_t* server, int) {
  auto* c = new connection;
  uv_tcp_init(server->loop, &c->tcp);
  c->tcp.data = c;
  if (uv_accept(server, reinterpret_cast<uv_stream_t*>(&c->tcp)) != 0)
    return uv_close(reinterpret_cast<uv_handle_t*>(&c->tcp), closed);
  uv_tcp_nodelay(&c->tcp, 1);
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&c->tcp),
      [](uv_handle_t*, std::size_t, uv_buf_t* buf) {
        *buf = uv_buf_init(read_buffer.data(), static_cast<unsigned>(read_buffer.size()));
      },
      read);
}

}  // namespace

int main() {
  uv_loop_t* loop = uv_default_loop();
  uv_tcp_t server;
  uv_tcp_init(loop, &server);
  sockaddr_in address;
  uv_ip4_addr("127.0.0.1", 0, &address);
  uv_tcp_bind(&server, reinterpret_cast<sockaddr*>(&address), 0);
  if (uv_listen(reinterpret_cast<uv_stream_t*>(&server), 1024, accepted) != 0) return 1;
  int size = sizeof address;
  uv_tcp_getsockname(&server, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("port %d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  uv_prepare_t prepare;
  uv_prepare_init(loop, &prepare);
  uv_prepare_start(&prepare, flush);
  uv_signal_t term;
  uv_signal_init(loop, &term);
  uv_signal_start(
      &term, [](uv_signal_t* s, int) { uv_stop(s->loop); }, SIGTERM);
  uv_run(loop, UV_RUN_DEFAULT);
  return 0;
}
