// HTTP inside TLS: the same answers, and what only TLS can do wrong.
#include <fstream>

#include "http_test.hpp"
#include "unit/host/tls/tls_files.hpp"

namespace parley::host {
namespace {

namespace fs = std::filesystem;

class https : public http_test {
 protected:
  https() {
    identity_ = made_.identity("http/1.1");
    fs::create_directories(root_);
  }
  void run(listener_config config = {}) {
    start(std::move(config));
    route files{"GET",
                "/f/",
                true,
                0,
                [this](const exchange_view& x) {
                  const std::string name(x.path.substr(3));
                  service_.respond_file(x.id, {}, {root_.c_str(), name.c_str(), {}});
                },
                "test"};
    route large{
        "GET", "/large", false, 0, [this](const exchange_view& x) { service_.respond(x.id, 200, "x/y", large_); },
        "test"};
    serve({files, large, later("/later"), echo(service_, "POST", "/p", 1 << 20), echo(service_, "GET", "/a")});
  }
  raw_client& secure(int receive_buffer = 0) {
    auto& c = connect(receive_buffer);
    c.secure(made_.trust());
    return c;
  }
  const tls_stats& numbers() { return service_.tls_desk().stats(); }

  tls::tls_files made_;
  test::temp_dir data_;
  const fs::path root_ = data_.path() / "root";
  const std::string large_ = noise(3 << 20);
};

TEST_F(https, requests_are_answered_one_after_another) {
  run();
  auto& c = secure();
  for (int i = 0; i < 3; ++i) {
    c.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(response(c).body, "GET /a ");
  }
  EXPECT_EQ(numbers().handshakes, 1u);
}

TEST_F(https, large_bodies_go_both_ways) {
  run();
  auto& c = secure();
  const auto body = noise(900'000);
  c.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n" + body);
  EXPECT_TRUE(response(c).body == "POST /p " + body);
  c.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(response(c).body == large_);
}

TEST_F(https, pipelined_requests_are_answered_in_order) {
  run();
  auto& c = secure();
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += "GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /large HTTP/1.1\r\nHost: h\r\n\r\n";
  c.send(requests.substr(0, requests.size() / 20));
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(response(c).body, "GET /a ");
    ASSERT_TRUE(response(c).body == large_);
  }
}

TEST_F(https, files_are_sent_whole_and_in_part) {
  run();
  std::ofstream(root_ / "small", std::ios::binary) << "hello";
  std::ofstream(root_ / "film", std::ios::binary) << noise(5 << 20);
  auto& c = secure();
  c.send("GET /f/small HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(response(c).body, "hello");
  c.send("GET /f/film HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(response(c).body == noise(5 << 20));
  c.send("GET /f/film HTTP/1.1\r\nHost: h\r\nRange: bytes=100000-299999\r\n\r\n");
  EXPECT_TRUE(response(c).body == noise(5 << 20).substr(100000, 200000));
}

TEST_F(https, a_slow_reader_gets_all_of_it) {
  run();
  std::ofstream(root_ / "film", std::ios::binary) << noise(20 << 20);
  auto& c = secure(4096);
  c.send("GET /f/film HTTP/1.1\r\nHost: h\r\n\r\n");
  until([&] { return c.received.size() > 1000; }, "the answer's begin");
  c.read(false);
  for (int i = 0; i < 100; ++i) loop_.turn(false);
  c.read(true);
  EXPECT_TRUE(response(c).body == noise(20 << 20));
}

TEST_F(https, the_last_answer_ends_with_a_goodbye) {
  run();
  auto& c = secure();
  c.send("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(response(c).code, 200u);
  until_ended(c);
  EXPECT_TRUE(c.said_goodbye);
  EXPECT_FALSE(c.reset());
}

TEST_F(https, plain_text_is_closed_without_a_word) {
  run();
  auto& c = connect();
  c.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  until_ended(c);
  EXPECT_EQ(c.received, "");
  EXPECT_EQ(numbers().plain_text, 1u);
  EXPECT_EQ(service_.stats().requests, 0u);
}

TEST_F(https, a_client_that_goes_in_the_middle_of_anything_is_forgotten) {
  run();
  for (int step = 0; step < 40; ++step) {
    auto& c = secure();
    c.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    for (int i = 0; i < step; ++i) {
      c.step();
      loop_.turn(false);
    }
    c.close();
  }
  until([&] { return service_.stats().connections == 0; }, "all to be forgotten");
}

TEST_F(https, a_drain_closes_who_has_not_shaken_hands) {
  run();
  connect();
  until([&] { return service_.stats().connections == 1; }, "the connection");
  bool done = false;
  server_->drain([&] { done = true; });
  until([&] { return done; }, "the drain");
}

TEST_F(https, only_http_1_1_is_agreed_on) {
  run();
  auto trust = made_.trust();
  const unsigned char both[] = "\x02h2\x08http/1.1", other[] = "\x02h2";
  ASSERT_EQ(SSL_CTX_set_alpn_protos(trust->raw(), both, sizeof both - 1), 0);
  auto& c = connect();
  c.secure(trust);
  c.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(response(c).code, 200u);
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(c.tls_side().raw(), &chosen, &size);
  EXPECT_EQ(std::string(chosen, chosen + size), "http/1.1");
  ASSERT_EQ(SSL_CTX_set_alpn_protos(trust->raw(), other, sizeof other - 1), 0);
  auto& wrong = connect();
  wrong.secure(trust);
  until_ended(wrong);
  EXPECT_EQ(numbers().failed, 1u);
}

TEST_F(https, a_burst_of_handshakes_leaves_room_for_others) {
  tls::certificate_wish wish;
  wish.rsa = true;
  const tls::tls_files rsa(wish);
  identity_ = rsa.identity("http/1.1");
  run();
  for (int i = 0; i < 60; ++i) connect().secure(rsa.trust());
  until([&] { return numbers().handshakes == 60; }, "all handshakes");
  EXPECT_EQ(numbers().failed, 0u);
  // All hellos were there at once: one turn does not do with them what takes it 30 ms or more.
  EXPECT_GT(numbers().put_off, 0u);
}

}  // namespace
}  // namespace parley::host
