#include <sys/resource.h>

#include "http_test.hpp"

namespace parley::host {
namespace {

constexpr const char* get_a = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr const char* get_later = "GET /later HTTP/1.1\r\nHost: h\r\n\r\n";

class http_lifecycle : public http_test {
 protected:
  void run(listener_config config = {}) {
    start(std::move(config));
    serve({echo(service_, "GET", "/a"), later("/later"), echo(service_, "POST", "/p", 100)});
  }
  void until_connected(std::size_t count) {
    until([&] { return server_->connections() == count; }, "the connections to be there");
  }
};

using http_drain = http_lifecycle;

TEST_F(http_drain, without_connections_is_done_at_once) {
  run();
  int done = 0;
  server_->drain([&] { ++done; });
  EXPECT_EQ(done, 0) << "always later";
  loop_.turn(false);
  EXPECT_EQ(done, 1);
}

TEST_F(http_drain, finishes_what_is_in_flight_and_closes_the_rest) {
  run();
  auto& idle = connect();
  auto& waiting = connect();
  auto& half = connect();
  idle.send(get_a);
  EXPECT_EQ(response(idle).headers.at("connection"), "keep-alive");
  waiting.send(get_later);
  half.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n");
  until([&] { return !pending_.empty() && half.sent(); }, "requests in flight");
  for (int i = 0; i < 5; ++i) loop_.turn(false);

  bool done = false;
  server_->drain([&] { done = true; });
  until_ended(idle);
  EXPECT_EQ(server_->connections(), 2u);
  EXPECT_FALSE(done);

  half.send("hello");
  auto r = response(half);
  EXPECT_EQ(r.body, "POST /p hello");
  EXPECT_EQ(r.headers.at("connection"), "close");
  service_.respond(pending_[0], 200, "text/plain", "done");
  r = response(waiting);
  EXPECT_EQ(r.body, "done");
  EXPECT_EQ(r.headers.at("connection"), "close");
  EXPECT_FALSE(done);
  until_ended(half);
  until_ended(waiting);
  half.close();
  waiting.close();
  until([&] { return done; }, "the drain");
  EXPECT_EQ(service_.in_flight(), 0u);
}

TEST_F(http_drain, refuses_new_connections) {
  run();
  auto& c = connect();
  c.send(get_later);
  until([&] { return !pending_.empty(); }, "a request in flight");
  const auto port = server_->port();
  server_->drain([] {});
  EXPECT_EQ(server_->port(), port);
  http_service other_service(loop_);
  listener_config again;
  again.port = port;
  http_server successor(other_service, again);
  EXPECT_TRUE(successor.start()) << "the port is free";
}

TEST_F(http_drain, close_all_ends_it) {
  run();
  auto& c = connect();
  c.send(get_later);
  until([&] { return !pending_.empty(); }, "a request in flight");
  bool done = false;
  server_->drain([&] { done = true; });
  server_->close_all();
  EXPECT_EQ(ended_, pending_);
  until([&] { return done; }, "the drain");
  until_ended(c);
}

TEST_F(http_drain, a_handler_may_close_everything) {
  run();
  route closing = echo(service_, "GET", "/close");
  closing.handler = [this](const exchange_view& x) {
    server_->close_all();
    EXPECT_EQ(x.path, "/close");
    EXPECT_EQ(service_.respond(x.id, 200, "text/plain", ""), status::closed);
  };
  serve({closing});
  auto& c = connect();
  c.send("GET /close HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(get_a));
  until_ended(c);
  EXPECT_EQ(c.received, "");
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(http_drain, a_server_may_go_with_requests_in_flight) {
  run();
  auto& c = connect();
  c.send(get_later);
  until([&] { return !pending_.empty(); }, "a request in flight");
  server_.reset();
  EXPECT_EQ(ended_, pending_);
  EXPECT_EQ(service_.stats().connections, 0u);
  until_ended(c);
}

using http_accept = http_lifecycle;

TEST_F(http_accept, connections_over_the_limit_are_closed_and_counted) {
  listener_config config;
  config.max_connections = 2;
  run(config);
  auto& first = connect();
  connect();
  until_connected(2);
  auto& third = connect();
  until_ended(third);
  EXPECT_EQ(service_.stats().refused_full, 1u);
  first.close();
  until_connected(1);
  EXPECT_EQ(ask(get_a).code, 200u);
}

TEST_F(http_accept, connections_of_one_address_are_limited) {
  listener_config config;
  config.max_connections_per_address = 1;
  run(config);
  auto& first = connect();
  until_connected(1);
  auto& second = connect();
  until_ended(second);
  EXPECT_EQ(service_.stats().refused_address, 1u);
  first.close();
  until_connected(0);
  EXPECT_EQ(ask(get_a).code, 200u);
}

TEST_F(http_accept, out_of_descriptors_clients_wait_and_are_served_later) {
#ifdef PARLEY_SANITIZED
  GTEST_SKIP() << "the undefined-behaviour sanitizer checks addresses with a pipe of its own";
#endif
  run();
  auto& c = connect();
  c.send(get_a);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  until([&] { return service_.stats().accept_pauses > 0; }, "accepting to pause");
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_FALSE(c.ended());
  EXPECT_EQ(response(c).code, 200u);
}

TEST_F(http_accept, serves_ipv6_too) {
  listener_config config;
  config.bind = "::1";
  http_server v6(service_, config);
  const auto started = v6.start();
  if (!started) GTEST_SKIP() << started.text();
  EXPECT_NE(v6.port(), 0);
}

}  // namespace
}  // namespace parley::host
