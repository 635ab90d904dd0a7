// The rival of the file benchmarks: a bare libuv server for connections of one transfer each, 0x0501 first. It parses
// and serializes the same messages as the plugin file and checks nothing: no tasks, no users, no database.
//
//   bare_file [FILE]     prints "port N" and serves until SIGTERM
//
// Roles 1 and 2 with the same task_id are relayed to each other; role 4, whatever its task_id, is given FILE, in blocks
// of 32768 read on libuv's threads, four at a time. 0x0506 it does not know: who measures makes up the task_id.
#include <fcntl.h>
#include <sys/stat.h>
#include <uv.h>

#include <cstdio>
#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "IM.File.pb.h"
#include "host/net/pdu.hpp"

namespace {

using namespace IM::File;

constexpr std::size_t block_bytes = 32768;
constexpr std::size_t portion = 4 * block_bytes;

struct connection {
  uv_tcp_t tcp;
  uv_fs_t fs;
  std::string pending;
  std::string output;
  bool dirty = false;
  bool closing = false;
  bool ending = false;
  bool reading = false;
  bool closed = false;  // the handle is

  std::string task;
  std::uint32_t user = 0;
  connection* peer = nullptr;
  std::uint16_t last_pull = 0;

  std::deque<std::pair<std::uint16_t, std::uint32_t>> pulls;  // seq, offset
  std::string ahead;
  std::uint64_t ahead_at = 0;
};

struct pair_of {
  connection* sender = nullptr;
  connection* receiver = nullptr;
};

std::map<std::string, pair_of> pairs;
std::vector<connection*> dirty;
std::vector<char> read_buffer(64 << 10);
uv_file file = -1;
std::uint64_t file_size = 0;

struct write_request {
  uv_write_t raw;
  std::string data;
};

template <class Message>
void send(connection& c, std::uint16_t command, std::uint16_t seq, const Message& message) {
  using namespace parley::host;
  const auto size = message.ByteSizeLong();
  const auto at = c.output.size();
  c.output.resize(at + header_size + size);
  store_header(c.output.data() + at, command, seq, size);
  message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(c.output.data() + at + header_size));
  if (!c.dirty) dirty.push_back(&c);
  c.dirty = true;
}

void release(uv_handle_t* h) {
  auto* c = static_cast<connection*>(h->data);
  c->closed = true;
  if (!c->reading) delete c;
}

void end(connection& c) {
  if (c.closing) return;
  c.closing = true;
  if (c.dirty) std::erase(dirty, &c);
  if (c.peer) c.peer->peer = nullptr;
  if (const auto found = pairs.find(c.task); found != pairs.end()) {
    auto& [sender, receiver] = found->second;
    if (sender == &c) sender = nullptr;
    if (receiver == &c) receiver = nullptr;
    if (!sender && !receiver) pairs.erase(found);
  }
  uv_close(reinterpret_cast<uv_handle_t*>(&c.tcp), release);
}

void serve_pulls(connection& c);

void read_more(connection& c, std::uint64_t offset) {
  c.reading = true;
  c.ahead_at = offset;
  c.ahead.resize(std::min<std::uint64_t>(portion, file_size - offset));
  c.fs.data = &c;
  auto buffer = uv_buf_init(c.ahead.data(), static_cast<unsigned>(c.ahead.size()));
  uv_fs_read(uv_default_loop(), &c.fs, file, &buffer, 1, static_cast<std::int64_t>(offset), [](uv_fs_t* fs) {
    auto& c = *static_cast<connection*>(fs->data);
    const auto got = fs->result;
    uv_fs_req_cleanup(fs);
    c.reading = false;
    if (c.closing) {
      if (c.closed) delete &c;
      return;
    }
    if (got != static_cast<ssize_t>(c.ahead.size())) return end(c);
    serve_pulls(c);
  });
}

void serve_pulls(connection& c) {
  while (!c.pulls.empty() && !c.reading) {
    const auto [seq, offset] = c.pulls.front();
    const auto size = std::min<std::uint64_t>(block_bytes, file_size - offset);
    if (offset < c.ahead_at || offset + size > c.ahead_at + c.ahead.size()) return read_more(c, offset);
    IMFilePullDataRsp block;
    block.set_result_code(0);
    block.set_task_id(c.task);
    block.set_user_id(c.user);
    block.set_offset(offset);
    block.set_file_data(c.ahead.data() + (offset - c.ahead_at), size);
    send(c, 0x0505, seq, block);
    c.pulls.pop_front();
    if (offset + size < file_size) continue;
    IMFileState done;
    done.set_state(IM::BaseDefine::CLIENT_FILE_DONE);
    done.set_task_id(c.task);
    done.set_user_id(c.user);
    send(c, 0x0503, 0, done);
    c.ending = true;
  }
}

void log_in(connection& c, std::uint16_t seq, const IMFileLoginReq& hello) {
  c.task = hello.task_id();
  c.user = hello.user_id();
  IMFileLoginRsp yes;
  yes.set_result_code(0);
  yes.set_task_id(c.task);
  send(c, 0x0502, seq, yes);
  const auto role = hello.file_role();
  if (role != IM::BaseDefine::CLIENT_REALTIME_SENDER && role != IM::BaseDefine::CLIENT_REALTIME_RECVER) return;
  auto& both = pairs[c.task];
  (role == IM::BaseDefine::CLIENT_REALTIME_SENDER ? both.sender : both.receiver) = &c;
  if (!both.sender || !both.receiver) return;
  both.sender->peer = both.receiver;
  both.receiver->peer = both.sender;
  IMFileState ready;
  ready.set_state(IM::BaseDefine::CLIENT_FILE_PEER_READY);
  ready.set_task_id(c.task);
  ready.set_user_id(both.sender->user);
  send(*both.receiver, 0x0503, 0, ready);
}

void serve_one(connection& c, std::uint16_t command, std::uint16_t seq, const char* body, int size) {
  if (command == 0x0501) {
    IMFileLoginReq hello;
    if (hello.ParseFromArray(body, size)) log_in(c, seq, hello);
  } else if (command == 0x0504) {
    IMFilePullDataReq wanted;
    if (!wanted.ParseFromArray(body, size)) return;
    if (c.peer) {
      c.last_pull = seq;
      send(*c.peer, command, seq, wanted);
    } else if (file >= 0 && wanted.offset() < file_size) {
      c.pulls.emplace_back(seq, wanted.offset());
      serve_pulls(c);
    }
  } else if (command == 0x0505) {
    IMFilePullDataRsp block;
    if (block.ParseFromArray(body, size) && c.peer) send(*c.peer, command, c.peer->last_pull, block);
  } else if (command == 0x0503) {
    IMFileState state;
    if (!state.ParseFromArray(body, size)) return;
    if (c.peer) {
      send(*c.peer, command, seq, state);
      c.peer->ending = true;
    }
    c.ending = true;
    if (!c.dirty) dirty.push_back(&c);
    c.dirty = true;
  }
}

std::size_t serve(connection& c, std::string_view data) {
  using namespace parley::host;
  std::size_t used = 0;
  while (data.size() - used >= header_size && !c.closing) {
    const char* p = data.data() + used;
    const std::size_t length = load32(p);
    if (data.size() - used < length) break;
    used += length;
    serve_one(c, load16(p + 10), load16(p + 12), p + header_size, static_cast<int>(length - header_size));
  }
  return used;
}

void read(uv_stream_t* s, ssize_t count, const uv_buf_t* buf) {
  auto& c = *static_cast<connection*>(s->data);
  if (count < 0) return end(c);
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
  const auto now = std::exchange(dirty, {});
  for (auto* c : now) {
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
    if (!c->ending) continue;
    auto* last = new uv_shutdown_t;
    last->data = c;
    const auto ended = [](uv_shutdown_t* raw, int) {
      end(*static_cast<connection*>(raw->data));
      delete raw;
    };
    if (uv_shutdown(last, reinterpret_cast<uv_stream_t*>(&c->tcp), ended) != 0) delete last;
    c->ending = false;
  }
}

void accepted(uv_stream_t* server, int) {
  auto* c = new connection;
  uv_tcp_init(server->loop, &c->tcp);
  c->tcp.data = c;
  if (uv_accept(server, reinterpret_cast<uv_stream_t*>(&c->tcp)) != 0)
    return uv_close(reinterpret_cast<uv_handle_t*>(&c->tcp), release);
  uv_tcp_nodelay(&c->tcp, 1);
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&c->tcp),
      [](uv_handle_t*, std::size_t, uv_buf_t* buf) {
        *buf = uv_buf_init(read_buffer.data(), static_cast<unsigned>(read_buffer.size()));
      },
      read);
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) {
    file = open(arguments[1], O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (file < 0 || fstat(file, &about) != 0) {
      std::fprintf(stderr, "bare_file: cannot open %s: %s\n", arguments[1], std::strerror(errno));
      return 1;
    }
    file_size = static_cast<std::uint64_t>(about.st_size);
  }
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
