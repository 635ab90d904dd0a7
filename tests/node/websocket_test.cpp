// WebSocket on a running node: the same sessions as TCP's.
#include "node/fixture.hpp"

#include <signal.h>
#include <sys/socket.h>

#include "host/tls/self_signed.hpp"
#include "support/websocket.hpp"

namespace parley::test {
namespace {

struct websockets : node_test {
  chat_client browser(const std::string& name, std::shared_ptr<const tls::client_context> trust = nullptr) {
    ids_[name] = node().add_user(name);
    login_as how;
    how.websocket = true;
    how.trust = std::move(trust);
    chat_client out;
    out.log_in(node().http_port(), name, how);
    return out;
  }
  websocket open() {
    websocket out;
    EXPECT_TRUE(out.open((node(), node().http_port()))) << out.answer();
    return out;
  }
  /// What the server closes with after these bytes.
  int closes_with(const std::string& bytes) {
    auto w = open();
    w.send_raw(bytes);
    const int code = w.closing_code();
    EXPECT_TRUE(w.closed_within());
    return code;
  }
  std::string refusal(const std::string& request) {
    websocket w;
    EXPECT_FALSE(w.open(stream_socket::tcp((node(), node().http_port())), request));
    return w.answer().substr(9, 3);
  }
  double closed(const std::string& reason) { return count("parley_sessions_closed{reason=\"" + reason + "\"}"); }
  std::map<std::string, std::uint32_t> ids_;
};

TEST_F(websockets, a_browser_talks_with_a_tcp_client) {
  auto ada = browser("ada");
  auto bob = user("bob");
  ASSERT_TRUE(ada.say(bob.id(), "from a browser").acked());
  const auto pushed = bob.wire().next_of(0x0301);
  ASSERT_TRUE(pushed);
  ASSERT_TRUE(bob.say(ada.id(), "from a terminal").acked());
  ASSERT_TRUE(ada.wire().next_of(0x0301));
  EXPECT_EQ(ada.history(bob.id()).msg_list_size(), 2);
  std::map<std::string, int> transports;
  for (const auto& s : node().ask("sessions")) ++transports[s.at("transport").get<std::string>()];
  EXPECT_EQ(transports, (std::map<std::string, int>{{"tcp", 1}, {"websocket", 1}}));
  EXPECT_EQ(count("parley_websocket_upgrades{how=\"taken\"}"), 1);
}

TEST_F(websockets, many_pdus_of_all_sizes_come_back_in_order) {
  auto w = open();
  std::vector<std::string> sent;
  std::string all;
  for (const std::size_t size : {0, 1, 109, 110, 111, 65519, 65520, 30000, 7}) {
    sent.push_back(encode_pdu(0x0701, static_cast<std::uint16_t>(sent.size()),
                              std::string(std::min<std::size_t>(size, 65520), 'w')));
    all += encode_ws(2, sent.back());
  }
  for (std::size_t at = 0; at < all.size(); at += 999) w.send_raw(std::string_view(all).substr(at, 999));
  for (const auto& pdu : sent) {
    const auto frame = w.next();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, 2);
    EXPECT_TRUE(frame->payload == pdu);
  }
}

TEST_F(websockets, fragments_and_pings_between_them) {
  auto w = open();
  const auto beat = encode_pdu(0x0701, 7, "fragmented");
  w.send_raw(encode_ws(2, beat.substr(0, 3), false) + encode_ws(9, "are you there") +
             encode_ws(0, beat.substr(3, 10), false) + encode_ws(10, "unasked") + encode_ws(0, beat.substr(13)));
  const auto pong = w.next(), echo = w.next();
  ASSERT_TRUE(pong && echo);
  EXPECT_EQ(pong->opcode, 10);
  EXPECT_EQ(pong->payload, "are you there");
  EXPECT_TRUE(echo->payload == beat);
}

TEST_F(websockets, frames_may_come_with_the_request) {
  websocket w;
  const auto beat = encode_pdu(0x0701, 3, "early");
  ASSERT_TRUE(w.open(stream_socket::tcp((node(), node().http_port())), ws_request() + encode_ws(2, beat)));
  const auto echo = w.next();
  ASSERT_TRUE(echo);
  EXPECT_TRUE(echo->payload == beat);
}

TEST_F(websockets, faults_are_closed_with_their_codes_and_counted) {
  const auto beat = encode_pdu(0x0701, 1, "");
  EXPECT_EQ(closes_with(encode_ws(1, "text")), 1003);
  EXPECT_EQ(closes_with(std::string("\x82\x10", 2) + beat), 1002);
  EXPECT_EQ(closes_with(encode_ws(0, beat)), 1002);
  EXPECT_EQ(closes_with(encode_ws(2, beat + "x")), 1007);
  EXPECT_EQ(closes_with(encode_ws(2, std::string(5, 'x'))), 1007);
  EXPECT_EQ(closes_with(encode_ws(2, std::string((64 << 10) + 1, 'x')).substr(0, 20)), 1009);
  EXPECT_EQ(closes_with(encode_ws(3, "")), 1002);
  EXPECT_EQ(closed("websocket: text"), 1);
  EXPECT_EQ(closed("websocket: unmasked"), 1);
  EXPECT_EQ(closed("bad length"), 2);
  EXPECT_EQ(closed("pdu too long"), 1);
  expect_alive();
}

TEST_F(websockets, a_close_is_answered_and_the_line_closed) {
  EXPECT_EQ(closes_with(encode_ws(8, ws_close(1001, "leaving"))), 1001);
  EXPECT_EQ(closes_with(encode_ws(8, "")), 1000);
  EXPECT_EQ(closes_with(encode_ws(8, ws_close(1005))), 1002);
  EXPECT_EQ(closed("eof"), 2);
}

TEST_F(websockets, what_was_said_before_a_close_is_answered_first) {
  auto w = open();
  const auto beat = encode_pdu(0x0701, 9, "last words");
  w.send_raw(encode_ws(2, beat) + encode_ws(8, ws_close(1000)));
  const auto echo = w.next(), goodbye = w.next();
  ASSERT_TRUE(echo && goodbye);
  EXPECT_TRUE(echo->payload == beat);
  EXPECT_EQ(goodbye->opcode, 8);
}

TEST_F(websockets, a_half_closed_or_lost_line_ends_the_session) {
  auto half = open();
  ::shutdown(half.socket().fd(), SHUT_WR);
  EXPECT_TRUE(half.closed_within());
  auto lost = open();
  lost.send_raw(encode_ws(2, encode_pdu(0x0701, 1, "cut")).substr(0, 9));
  lost.socket().close();
  EXPECT_TRUE(eventually([&] { return node().status().at("sessions") == 0; }));
}

TEST_F(websockets, requests_that_are_no_upgrade_are_answered) {
  EXPECT_EQ(refusal("GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n"), "426");
  EXPECT_EQ(refusal("POST /ws HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"), "405");
  EXPECT_EQ(refusal(ws_request("/ws", "Origin: http://evil.example\r\n")), "403");
  EXPECT_EQ(refusal(ws_request("/elsewhere")), "404");
  EXPECT_EQ(count("parley_websocket_upgrades{how=\"refused\"}"), 3);
  websocket w;
  EXPECT_TRUE(w.open(stream_socket::tcp(node().http_port()), ws_request("/ws", "Origin: http://localhost\r\n")));
}

TEST_F(websockets, a_pipelined_answer_comes_before_the_upgrade) {
  auto line = stream_socket::tcp((node(), node().http_port()));
  const auto deadline = steady::now() + patience(answer_time);
  line.write_all("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + ws_request(), deadline);
  std::string all;
  while (all.find("101 Switching") == std::string::npos) {
    ASSERT_EQ(line.read_some(all, deadline), stream_socket::read_result::data);
  }
  EXPECT_LT(all.find("alive"), all.find("101 Switching"));
}

TEST_F(websockets, strangers_are_let_nothing_but_a_login) {
  auto w = open();
  w.send(2, encode_pdu(0x0301, 1, "x"));
  EXPECT_TRUE(w.closed_within());
  EXPECT_EQ(closed("command before login"), 1);
}

TEST_F(websockets, a_drain_says_going_away) {
  auto ada = browser("ada");
  auto w = open();
  kill(node().pid(), SIGTERM);
  EXPECT_EQ(w.closing_code(), 1001);
  EXPECT_EQ(node().terminate().code, 0);
  node().start();
}

TEST_F(websockets, a_reload_under_traffic_loses_nothing) {
  auto ada = browser("ada"), bob = browser("bob");
  for (int i = 0; i < 20; ++i) {
    for (int k = 0; k < 10; ++k) ada.send_text(bob.id(), "message", "id" + std::to_string(i * 10 + k));
    if (i % 5 == 2) node().ask("reload", {{"name", "message"}});
  }
  std::size_t acked = 0;
  while (acked < 200) {
    const auto pdu = ada.wire().next();
    ASSERT_TRUE(pdu) << acked;
    const auto about = chat_client::read_verdict(*pdu);
    if (about) {
      ASSERT_TRUE(about->acked());
    }
    acked += about ? 1 : 0;
  }
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(bob.wire().next_of(0x0301)) << i;
}

TEST_F(websockets, a_slow_reader_is_not_read_and_keeps_its_order) {
  auto w = open();
  const std::string body(60'000, 's');
  std::string all;
  for (std::uint16_t i = 0; i < 60; ++i) all += encode_ws(2, encode_pdu(0x0701, i, body));
  // Nothing is read here while it is written: the node has to take it in turns.
  const auto line = w.socket().fd();
  std::size_t sent = 0;
  for (std::uint16_t next = 0; next < 60;) {
    if (sent < all.size()) {
      const auto n = ::send(line, all.data() + sent, all.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n > 0) sent += static_cast<std::size_t>(n);
      if (n > 0) continue;
    }
    const auto frame = w.next();
    ASSERT_TRUE(frame) << next;
    ASSERT_EQ(static_cast<unsigned char>(frame->payload[13]), next);
    ++next;
  }
}

struct secure_websockets : websockets {
  secure_websockets() {
    const auto made = tls::make_self_signed(files_.path().string());
    EXPECT_TRUE(made) << made.text();
    options_.environment["PARLEY_TLS_CERTIFICATE"] = (files_.path() / "certificate.pem").string();
    options_.environment["PARLEY_TLS_KEY"] = (files_.path() / "key.pem").string();
  }
  std::shared_ptr<const tls::client_context> trust() const {
    return *tls::client_context::make((files_.path() / "certificate.pem").string(), false);
  }
  temp_dir files_;
};

TEST_F(secure_websockets, wss_talks) {
  auto ada = browser("ada", trust()), bob = browser("bob", trust());
  ASSERT_TRUE(ada.say(bob.id(), "sealed and framed").acked());
  ASSERT_TRUE(bob.wire().next_of(0x0301));
  EXPECT_EQ(node().ask("sessions").at(0).at("transport"), "websocket+tls");
  const std::string body(200'000, 'b');
  for (std::uint16_t i = 1; i <= 10; ++i) ASSERT_TRUE(ada.wire().send(0x0701, i, body));
  for (std::uint16_t i = 1; i <= 10; ++i) {
    const auto echo = ada.wire().answer(0x0701, i);
    ASSERT_TRUE(echo);
    EXPECT_TRUE(echo->body == body);
  }
}

TEST_F(secure_websockets, a_thousand_idle_ones_cost_little) {
  const auto& pair = options_.environment;
  options_.manifest = (files_.path() / "node.yaml").string();
  write_file(options_.manifest,
             "node: {name: t, data: \"${PARLEY_DATA}\"}\nlisteners:\n"
             "  - {name: clients, kind: pdu, port: 0, heartbeat: 0x0701, login_timeout: 10m}\n"
             "  - {name: web, kind: http, port: 0, websocket: {path: /ws, listener: clients}, tls: "
             "{certificate: \"" +
                 pair.at("PARLEY_TLS_CERTIFICATE") + "\", key: \"" + pair.at("PARLEY_TLS_KEY") + "\"}}\n");
  std::vector<websocket> crowd(1100);
  const auto trusted = trust();
  std::size_t before = 0;
  for (std::size_t i = 0; i < crowd.size(); ++i) {
    if (i == 100) before = node().resident_bytes();
    auto line = stream_socket::tcp((node(), node().http_port()));
    ASSERT_TRUE(line.secure(trusted)) << i;
    ASSERT_TRUE(crowd[i].open(std::move(line)));
  }
  const auto each = (node().resident_bytes() - before) / 1000;
  std::cerr << each << " bytes per idle wss session\n";
#ifndef PARLEY_SANITIZED
  EXPECT_LT(each, 24u << 10);
#endif
  for (auto& w : crowd) {
    ASSERT_TRUE(w.send(2, encode_pdu(0x0701, 1, "")));
    ASSERT_TRUE(w.next());
  }
}

}  // namespace
}  // namespace parley::test
