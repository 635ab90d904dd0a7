#include "http_test.hpp"

namespace parley::host {
namespace {

constexpr const char* get_later = "GET /later HTTP/1.1\r\nHost: h\r\n\r\n";

using std::chrono::milliseconds;

class http_late : public http_test {
 protected:
  void run(listener_config config = {}, http_timing timing = {}) {
    start(std::move(config), timing);
    route large = echo(service_, "GET", "/large");
    large.handler = [this](const exchange_view& x) { service_.respond(x.id, 200, "text/plain", large_); };
    serve({later("/later"), echo(service_, "GET", "/a"), large, echo(service_, "POST", "/p", 1000)});
  }
  void until_pending(std::size_t count) {
    until([&] { return pending_.size() >= count; }, "a request to be handled");
  }
  status answer(parley_exchange_id id, std::string_view body) { return service_.respond(id, 200, "text/plain", body); }

  const std::string large_ = std::string(20 << 20, 'z');
};

TEST_F(http_late, an_answer_may_come_later) {
  run();
  auto& c = connect();
  c.send(get_later);
  until_pending(1);
  EXPECT_EQ(service_.in_flight(), 1u);
  EXPECT_EQ(service_.stats().in_flight, 1u);
  EXPECT_TRUE(ended_.empty());
  EXPECT_EQ(answer(pending_[0], "done"), status::ok);
  EXPECT_EQ(ended_, pending_);
  EXPECT_EQ(response(c).body, "done");
  EXPECT_EQ(answer(pending_[0], "twice"), status::closed);
}

TEST_F(http_late, the_next_request_waits_for_the_answer) {
  run();
  auto& c = connect();
  c.send(std::string(get_later) + get_later + "GET /a HTTP/1.1\r\nHost: h\r\n\r\n" + get_later);
  until_pending(1);
  for (int i = 0; i < 20; ++i) loop_.turn(false);
  EXPECT_EQ(pending_.size(), 1u);
  answer(pending_[0], "first");
  EXPECT_EQ(pending_.size(), 1u) << "the next is not handed out inside respond()";
  until_pending(2);
  answer(pending_[1], "second");
  until_pending(3);
  answer(pending_[2], "last");
  EXPECT_EQ(response(c).body, "first");
  EXPECT_EQ(response(c).body, "second");
  EXPECT_EQ(response(c).body, "GET /a ");
  EXPECT_EQ(response(c).body, "last");
}

TEST_F(http_late, a_client_that_pipelines_without_end_is_held_back) {
  run();
  auto& c = connect();
  std::string requests;
  for (int i = 0; i < 20000; ++i)
    requests += "GET /later HTTP/1.1\r\nHost: h\r\nX: " + std::string(500, 'x') + "\r\n\r\n";
  c.send(requests);
  until_pending(1);
  for (int i = 0; i < 50; ++i) {
    c.step();
    loop_.turn(false);
  }
  EXPECT_FALSE(c.sent());
  EXPECT_EQ(pending_.size(), 1u);
}

TEST_F(http_late, a_client_that_goes_away_makes_the_exchange_stale) {
  run();
  auto& c = connect();
  c.send(get_later);
  until_pending(1);
  c.close();
  until([&] { return !service_.is_open(pending_[0]); }, "the exchange to end");
  EXPECT_EQ(ended_, pending_);
  EXPECT_EQ(answer(pending_[0], "nobody"), status::closed);
  EXPECT_EQ(service_.stats().clients_gone, 1u);
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(http_late, a_new_exchange_has_another_id) {
  run();
  auto& c = connect();
  c.send(std::string(get_later) + get_later);
  until_pending(1);
  answer(pending_[0], "1");
  until_pending(2);
  EXPECT_NE(pending_[0], pending_[1]);
  EXPECT_EQ(answer(pending_[0], "stale"), status::closed);
  EXPECT_EQ(answer(pending_[1], "2"), status::ok);
}

TEST_F(http_late, a_handler_that_never_answers_is_answered_504) {
  run({}, {.answer = milliseconds(20)});
  auto& c = connect();
  c.send(std::string(get_later) + "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(response(c).code, 504u);
  EXPECT_EQ(ended_.at(0), pending_.at(0));
  EXPECT_EQ(answer(pending_[0], "late"), status::closed);
  EXPECT_EQ(response(c).body, "GET /a ");
  EXPECT_EQ(service_.stats().answer_timeouts, 1u);
}

TEST_F(http_late, an_idle_connection_is_closed) {
  listener_config config;
  config.http_idle_timeout = milliseconds(300);
  run(config);
  auto& silent = connect();
  auto& served = connect();
  served.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(response(served).code, 200u);
  until_ended(silent);
  until_ended(served);
  EXPECT_EQ(silent.received, "");
  EXPECT_EQ(served.received, "");
  EXPECT_EQ(service_.stats().idle_closed, 2u);
}

TEST_F(http_late, a_request_that_trickles_is_408_however_often_a_byte_comes) {
  listener_config config;
  config.http_request_timeout = milliseconds(50);
  run(config);
  auto& head = connect();
  auto& body = connect();
  head.send("GET /a HTTP/1.1\r\nX: ");
  body.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
  auto trickle = [&](raw_client& c) {
    until([&] { return c.send("x"), !c.received.empty(); }, "a refusal");
    EXPECT_EQ(response(c).code, 408u);
    until_ended(c);
  };
  trickle(head);
  trickle(body);
  EXPECT_EQ(service_.stats().request_timeouts, 2u);
}

TEST_F(http_late, a_client_that_does_not_read_is_closed_after_a_while) {
  listener_config config;
  config.transfer_timeout = milliseconds(50);
  run(config);
  auto& c = connect(4096);
  c.read(false);
  c.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  until([&] { return service_.stats().slow_clients == 1; }, "the slow client to be closed");
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(http_late, a_client_that_reads_slowly_gets_everything_in_order) {
  run();
  auto& c = connect(4096);
  c.read(false);
  c.send(
      "GET /large HTTP/1.1\r\nHost: h\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  until([&] { return service_.stats().requests > 0; }, "the first request");
  for (int i = 0; i < 20; ++i) loop_.turn(false);
  EXPECT_EQ(service_.stats().requests, 1u) << "the second waits until the first answer is sent";
  c.read(true);
  EXPECT_TRUE(response(c).body == large_);
  EXPECT_EQ(response(c).body, "GET /a ");
  EXPECT_TRUE(response(c).body == large_);
}

TEST_F(http_late, a_large_last_answer_arrives_whole) {
  run();
  auto& c = connect();
  c.send("GET /large HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(response(c).body == large_);
  until_ended(c);
  EXPECT_FALSE(c.reset());
}

TEST_F(http_late, a_drain_waits_until_a_slow_client_has_its_answer) {
  run();
  auto& c = connect(4096);
  c.read(false);
  c.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  until([&] { return service_.stats().requests == 1; }, "the request");
  bool done = false;
  server_->drain([&] { done = true; });
  for (int i = 0; i < 20; ++i) loop_.turn(false);
  EXPECT_FALSE(done);
  c.read(true);
  EXPECT_TRUE(response(c).body == large_);
  until_ended(c);
  c.close();
  until([&] { return done; }, "the drain");
}

TEST_F(http_late, a_client_that_does_not_close_is_closed_after_the_last_answer) {
  run({}, {.linger = milliseconds(20)});
  auto& c = connect();
  c.send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(response(c).code, 200u);
  until([&] { return server_->connections() == 0; }, "the connection to be closed");
}

}  // namespace
}  // namespace parley::host
