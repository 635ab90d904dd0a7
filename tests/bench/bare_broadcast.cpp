// The rival of the group benchmark: a bare libuv server that answers just what parley-bench group asks, stores nothing,
// and hands each message to every other connection. Messages are collected until PER_TURN are there (or nothing came
// for 5 ms) and go out together, one write per connection: as many per turn as Parley's commits give it.
//
//   bare_broadcast PER_TURN        prints "port N" and serves until SIGTERM
#include <uv.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "IM.Group.pb.h"
#include "IM.Login.pb.h"
#include "IM.Message.pb.h"
#include "host/net/pdu.hpp"
#include "parley/commands.hpp"

namespace {

namespace cid = parley::cid;
using namespace parley::host;

struct connection {
  uv_tcp_t tcp;
  std::string pending;
  std::string output;
  std::uint32_t user = 0;
};
struct message {
  connection* from;
  std::uint16_t seq;
  std::uint32_t number;
  std::string pdu;
};

std::vector<connection*> all;
std::vector<message> collected;
std::size_t per_turn = 1;
std::uint32_t users = 0, newest = 0;
uv_timer_t late;
std::vector<char> read_buffer(64 << 10);

template <class Message>
void append(std::string& out, std::uint16_t command, std::uint16_t seq, const Message& body) {
  const auto size = body.ByteSizeLong();
  const auto at = out.size();
  out.resize(at + header_size + size);
  store_header(out.data() + at, command, seq, size);
  body.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out.data() + at + header_size));
}

struct write_request {
  uv_write_t raw;
  std::string data;
};

void flush(connection& c) {
  if (c.output.empty()) return;
  auto* stream = reinterpret_cast<uv_stream_t*>(&c.tcp);
  auto buf = uv_buf_init(c.output.data(), static_cast<unsigned>(c.output.size()));
  const int done = uv_try_write(stream, &buf, 1);
  const std::size_t wrote = done > 0 ? static_cast<std::size_t>(done) : 0;
  if (wrote < c.output.size()) {
    auto* w = new write_request{{}, c.output.substr(wrote)};
    auto rest = uv_buf_init(w->data.data(), static_cast<unsigned>(w->data.size()));
    uv_write(&w->raw, stream, &rest, 1, [](uv_write_t* raw, int) { delete reinterpret_cast<write_request*>(raw); });
  }
  c.output.clear();
}

void hand_out() {
  for (const auto& one : collected) {
    IM::Message::IMMsgDataAck ack;
    ack.set_user_id(one.from->user);
    ack.set_session_id(1);
    ack.set_msg_id(one.number);
    ack.set_session_type(IM::BaseDefine::SESSION_TYPE_GROUP);
    append(one.from->output, cid::msg_data_ack, one.seq, ack);
    for (auto* c : all) {
      if (c != one.from) c->output += one.pdu;
    }
  }
  collected.clear();
  for (auto* c : all) flush(*c);
}

void take(connection& c, std::uint16_t command, std::uint16_t seq, const char* body, std::size_t size) {
  const int length = static_cast<int>(size);
  if (command == cid::msg_data) {
    static IM::Message::IMMsgData data;
    if (!data.ParseFromArray(body, length)) return;
    data.set_from_user_id(c.user);
    data.set_msg_id(++newest);
    data.set_create_time(1'700'000'000);
    message one{&c, seq, newest, {}};
    append(one.pdu, cid::msg_data, 0, data);
    collected.push_back(std::move(one));
    if (collected.size() >= per_turn) return hand_out();
    uv_timer_start(
        &late, [](uv_timer_t*) { hand_out(); }, 5, 0);
  } else if (command == cid::login_req_userlogin) {
    IM::Login::IMLoginRes answer;
    c.user = ++users;
    answer.set_server_time(1'700'000'000);
    answer.set_result_code(IM::BaseDefine::REFUSE_REASON_NONE);
    answer.set_online_status(IM::BaseDefine::USER_STATUS_ONLINE);
    auto& me = *answer.mutable_user_info();
    me.set_user_id(c.user);
    me.set_user_gender(0);
    me.set_user_nick_name("");
    me.set_avatar_url("");
    me.set_department_id(0);
    me.set_email("");
    me.set_user_real_name("");
    me.set_user_tel("");
    me.set_user_domain("");
    me.set_status(0);
    append(c.output, cid::login_res_userlogin, seq, answer);
    flush(c);
  } else if (command == cid::group_create_request) {
    IM::Group::IMGroupCreateReq request;
    if (!request.ParseFromArray(body, length)) return;
    IM::Group::IMGroupCreateRsp answer;
    answer.set_user_id(c.user);
    answer.set_result_code(0);
    answer.set_group_id(1);
    answer.set_group_name(request.group_name());
    *answer.mutable_user_id_list() = request.member_id_list();
    append(c.output, cid::group_create_response, seq, answer);
    flush(c);
  }
}

void closed(uv_handle_t* h) {
  delete static_cast<connection*>(h->data);
}

void read(uv_stream_t* s, ssize_t count, const uv_buf_t* buf) {
  auto& c = *static_cast<connection*>(s->data);
  if (count < 0) {
    std::erase(all, &c);
    std::erase_if(collected, [&](const message& one) { return one.from == &c; });
    return uv_close(reinterpret_cast<uv_handle_t*>(s), closed);
  }
  c.pending.append(buf->base, static_cast<std::size_t>(count));
  std::size_t used = 0;
  while (c.pending.size() - used >= header_size) {
    const char* p = c.pending.data() + used;
    const std::size_t length = load32(p);
    if (c.pending.size() - used < length) break;
    used += length;
    take(c, load16(p + 10), load16(p + 12), p + header_size, length - header_size);
  }
  c.pending.erase(0, used);
}

void accepted(uv_stream_t* server, int) {
  auto* c = new connection;
  uv_tcp_init(server->loop, &c->tcp);
  c->tcp.data = c;
  if (uv_accept(server, reinterpret_cast<uv_stream_t*>(&c->tcp)) != 0)
    return uv_close(reinterpret_cast<uv_handle_t*>(&c->tcp), closed);
  uv_tcp_nodelay(&c->tcp, 1);
  all.push_back(c);
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&c->tcp),
      [](uv_handle_t*, std::size_t, uv_buf_t* buf) {
        *buf = uv_buf_init(read_buffer.data(), static_cast<unsigned>(read_buffer.size()));
      },
      read);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) per_turn = std::strtoul(argv[1], nullptr, 10);
  uv_loop_t* loop = uv_default_loop();
  uv_timer_init(loop, &late);
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
  uv_signal_t term;
  uv_signal_init(loop, &term);
  uv_signal_start(
      &term, [](uv_signal_t* s, int) { uv_stop(s->loop); }, SIGTERM);
  uv_run(loop, UV_RUN_DEFAULT);
  return 0;
}
