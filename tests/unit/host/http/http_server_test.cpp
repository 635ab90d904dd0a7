#include "host/http/http_server.hpp"

#include "http_test.hpp"

namespace parley::host {
namespace {

class http_requests : public http_test {
 protected:
  http_requests() {
    start();
    serve(
        {echo(service_, "GET", "/a"), echo(service_, "POST", "/p", 100000), echo(service_, "GET", "/files/", 0, true)});
  }
};

TEST_F(http_requests, a_request_is_answered_with_the_hosts_headers) {
  const auto r = ask("GET /a?x HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(r.code, 200u);
  EXPECT_EQ(r.body, "GET /a ");
  EXPECT_EQ(r.headers.at("content-type"), "text/plain");
  EXPECT_EQ(r.headers.at("connection"), "keep-alive");
  EXPECT_EQ(r.headers.at("date").size(), 29u);
  EXPECT_EQ(service_.stats().responses[2], 1u);
  EXPECT_EQ(service_.stats().requests, 1u);
  EXPECT_EQ(ended_.size(), 1u);
}

TEST_F(http_requests, the_handler_sees_the_whole_request) {
  route look = echo(service_, "POST", "/look", 10);
  look.handler = [this](const exchange_view& x) {
    EXPECT_EQ(x.method, "POST");
    EXPECT_EQ(x.path, "/look");
    EXPECT_EQ(x.query, "q=1");
    EXPECT_EQ(x.body, "hello");
    EXPECT_EQ(x.peer, "127.0.0.1");
    EXPECT_EQ(x.header("x-a"), "b");
    EXPECT_EQ(x.header("x-c"), "");
    const auto raw = x.raw();
    EXPECT_EQ(raw.id, x.id);
    EXPECT_EQ(raw.header_count, 3u);
    EXPECT_EQ(view(raw.body), "hello");
    EXPECT_TRUE(service_.is_open(x.id));
    EXPECT_EQ(service_.respond(x.id, 204, std::span<const http_header>(), "dropped"), status::ok);
    EXPECT_EQ(x.path, "/look");
    EXPECT_EQ(service_.respond(x.id, 200, "text/plain", "again"), status::closed);
  };
  serve({look});
  const auto r = ask("POST /look?q=1 HTTP/1.1\r\nHost: h\r\nX-A: b\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(r.code, 204u);
  EXPECT_EQ(r.headers.count("content-length"), 0u);
}

TEST_F(http_requests, a_connection_serves_one_request_after_another) {
  auto& c = connect();
  for (int i = 0; i < 3; ++i) {
    c.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(response(c).code, 200u);
  }
  EXPECT_EQ(service_.stats().accepted, 1u);
}

TEST_F(http_requests, pipelined_requests_are_answered_in_order) {
  auto& c = connect();
  std::string requests;
  for (int i = 0; i < 5000; ++i) requests += "GET /files/" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  c.send(requests);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(response(c).body, "GET /files/" + std::to_string(i) + " ");
}

TEST_F(http_requests, bytes_may_come_one_by_one) {
  auto& c = connect();
  const std::string stream =
      "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
      "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  for (char byte : stream) {
    c.send({&byte, 1});
    until([&] { return c.sent(); }, "a byte to be sent");
    loop_.turn(false);
  }
  EXPECT_EQ(response(c).body, "POST /p hello");
  EXPECT_EQ(response(c).body, "GET /a ");
}

TEST_F(http_requests, http_1_0_and_connection_close_end_the_connection) {
  for (const char* request : {"GET /a HTTP/1.0\r\n\r\n", "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"}) {
    auto& c = connect();
    c.send(request);
    const auto r = response(c);
    EXPECT_EQ(r.body, "GET /a ");
    EXPECT_EQ(r.headers.at("connection"), "close");
    until_ended(c);
    EXPECT_FALSE(c.reset());
    c.close();
    until([&] { return server_->connections() == 0; }, "the connection to go");
  }
  const auto kept = ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.headers.at("connection"), "keep-alive");
}

TEST_F(http_requests, a_client_that_stops_sending_behind_its_request_gets_the_answer) {
  auto& c = connect();
  c.send("GET /a HTTP/1.0\r\n\r\n");
  c.step();
  c.stop_sending();
  EXPECT_EQ(response(c).body, "GET /a ");
  until_ended(c);
}

TEST_F(http_requests, head_sends_no_body) {
  auto& c = connect();
  c.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nHEAD /none HTTP/1.1\r\nHost: h\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(response(c, true).headers.at("content-length"), "8");
  EXPECT_EQ(response(c, true).code, 404u);
  EXPECT_EQ(response(c).body, "GET /a ");
}

TEST_F(http_requests, an_unknown_path_is_404_and_the_connection_goes_on) {
  auto& c = connect();
  c.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(response(c).code, 404u);
  EXPECT_EQ(response(c).code, 200u);
  EXPECT_EQ(service_.stats().not_found, 1u);
}

TEST_F(http_requests, an_unknown_path_does_not_wait_for_a_body) {
  auto& c = connect();
  c.send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
  const auto r = response(c);
  EXPECT_EQ(r.code, 404u);
  EXPECT_EQ(r.headers.at("connection"), "close");
  until_ended(c);
}

TEST_F(http_requests, a_wrong_method_is_405_with_allow) {
  const auto r = ask("DELETE /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(r.code, 405u);
  EXPECT_EQ(r.headers.at("allow"), "GET, HEAD");
  EXPECT_EQ(ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").headers.at("allow"), "GET, HEAD, POST");
  EXPECT_EQ(service_.stats().method_not_allowed, 2u);
}

TEST_F(http_requests, a_body_over_the_routes_limit_is_413_and_arrives_although_the_client_goes_on_sending) {
  for (const char* framing : {"Content-Length: 5000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n4c4b40\r\n"}) {
    auto& c = connect();
    c.send("POST /p HTTP/1.1\r\nHost: h\r\n" + std::string(framing) + std::string(5000000, 'x'));
    const auto r = response(c);
    EXPECT_EQ(r.code, 413u);
    EXPECT_EQ(r.headers.at("connection"), "close");
    until_ended(c);
    EXPECT_FALSE(c.reset());
  }
  EXPECT_EQ(service_.stats().body_too_large, 2u);
  EXPECT_EQ(service_.stats().requests, 0u);
}

TEST_F(http_requests, heads_over_the_limits_are_431_or_414) {
  EXPECT_EQ(ask("GET /a HTTP/1.1\r\nHost: h\r\nX: " + std::string(9000, 'x')).code, 431u);
  EXPECT_EQ(ask("GET /" + std::string(9000, 'x')).code, 414u);
  EXPECT_EQ(service_.stats().head_too_large, 2u);
}

TEST_F(http_requests, a_malformed_request_is_400_and_nothing_behind_it_is_read) {
  auto& c = connect();
  c.send("GET /a HTTP/1.1\r\nHost : h\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(response(c).code, 400u);
  until_ended(c);
  EXPECT_EQ(c.received, "");
  EXPECT_EQ(service_.stats().malformed, 1u);
  EXPECT_EQ(service_.stats().requests, 0u);
}

TEST_F(http_requests, a_client_that_expects_to_be_told_to_continue_is_told) {
  auto& c = connect();
  c.send("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(response(c).code, 100u);
  c.send("hello");
  EXPECT_EQ(response(c).body, "POST /p hello");
  auto& refused = connect();
  refused.send("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n");
  EXPECT_EQ(response(refused).code, 413u);
}

TEST_F(http_requests, a_handler_that_throws_is_a_500) {
  route bad = echo(service_, "GET", "/bad");
  bad.handler = [](const exchange_view&) { throw std::runtime_error("no"); };
  serve({bad});
  EXPECT_EQ(ask("GET /bad HTTP/1.1\r\nHost: h\r\n\r\n").code, 500u);
  EXPECT_EQ(service_.stats().handler_faults, 1u);
}

TEST_F(http_requests, an_answer_that_cannot_be_sent_is_a_500) {
  route bad = echo(service_, "GET", "/bad");
  bad.handler = [this](const exchange_view& x) {
    const auto h = make_header("X-A", "b\r\nX-C: d");
    EXPECT_EQ(service_.respond(x.id, 200, {&h, 1}, "body"), status::malformed);
    EXPECT_FALSE(service_.is_open(x.id));
  };
  serve({bad});
  const auto r = ask("GET /bad HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(r.code, 500u);
  EXPECT_EQ(r.headers.count("x-c"), 0u);
}

TEST_F(http_requests, an_answer_may_close_the_connection) {
  route closing = echo(service_, "GET", "/c");
  closing.handler = [this](const exchange_view& x) {
    const auto h = make_header("Connection", "close");
    service_.respond(x.id, 200, {&h, 1}, "bye");
  };
  serve({closing});
  auto& c = connect();
  c.send("GET /c HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(response(c).headers.at("connection"), "close");
  until_ended(c);
}

TEST_F(http_requests, routes_may_change_in_a_handler_and_between_head_and_body) {
  route swap = echo(service_, "GET", "/swap");
  swap.handler = [this](const exchange_view& x) {
    serve({echo(service_, "POST", "/p", 3)});
    service_.respond(x.id, 200, "text/plain", std::string(x.path));
  };
  serve({swap, echo(service_, "POST", "/p", 100), echo(service_, "POST", "/gone", 100)});
  auto& shrunk = connect();
  auto& gone = connect();
  shrunk.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n");
  gone.send("POST /gone HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n");
  until([&] { return shrunk.sent() && gone.sent() && server_->connections() == 2; }, "two heads to be sent");
  EXPECT_EQ(ask("GET /swap HTTP/1.1\r\nHost: h\r\n\r\n").body, "/swap");
  shrunk.send("hello");
  gone.send("hello");
  EXPECT_EQ(response(shrunk).code, 413u);
  EXPECT_EQ(response(gone).code, 404u);
}

TEST_F(http_requests, conflicting_routes_are_refused_all_at_once) {
  const auto refused =
      route_table::of({echo(service_, "GET", "/z"), echo(service_, "GET", "/z"), echo(service_, "GET", "z")});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.text().find("; "), std::string::npos);
}

TEST_F(http_requests, a_port_in_use_is_refused_by_name) {
  listener_config taken;
  taken.name = "second";
  taken.port = server_->port();
  http_server other(service_, taken);
  const auto started = other.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.text().find("second"), std::string::npos);
  EXPECT_NE(started.text().find("address already in use"), std::string::npos);
}

}  // namespace
}  // namespace parley::host
