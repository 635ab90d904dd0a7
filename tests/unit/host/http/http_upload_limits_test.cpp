#include <sys/resource.h>

#include <csignal>

#include "http_upload_fixture.hpp"

namespace parley::host {
namespace {

using std::chrono::milliseconds;

TEST_F(http_upload, too_large_a_body_is_413_announced_or_not) {
  run();
  EXPECT_EQ(ask(post((50 << 20) + 1)).code, 413u);
  EXPECT_TRUE(announced_.empty()) << "the plugin is not even asked";
  route small = echo(service_, "POST", "/up", 100'000);
  small.staged = true;
  serve({small});
  auto& c = connect();
  c.send("POST /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n186A1\r\n" + noise(100'001));
  EXPECT_EQ(response(c).code, 413u);
  until_tidy();
}

TEST_F(http_upload, bad_framing_in_the_middle_removes_the_file) {
  run();
  auto& c = connect();
  c.send("POST /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" + noise(0x20000));
  until([&] { return files() == 1; }, "the file");
  c.send("\r\nzz\r\n");
  EXPECT_EQ(response(c).code, 400u);
  until_tidy();
}

TEST_F(http_upload, a_client_that_goes_in_the_middle_leaves_nothing) {
  run();
  auto& c = connect();
  c.send(post(1'000'000) + noise(500'000));
  until([&] { return files() == 1 && c.sent(); }, "the file");
  EXPECT_EQ(service_.stats().staged_now, 1'000'000u);
  c.close();
  until_tidy();
  EXPECT_EQ(service_.stats().uploads_cut, 1u);
}

TEST_F(http_upload, the_number_of_uploads_is_limited) {
  listener_config config;
  config.max_uploads = config.max_uploads_per_address = 2;
  run(config);
  auto& first = connect();
  auto& second = connect();
  first.send(post(5));
  second.send(post(5));
  until([&] { return service_.stats().uploads_now == 2; }, "two uploads");
  const auto r = ask(post(5));
  EXPECT_EQ(r.code, 503u);
  EXPECT_EQ(r.headers.count("retry-after"), 1u);
  EXPECT_EQ(ask("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").code, 200u);
  first.send("hello");
  EXPECT_EQ(response(first).code, 200u);
  EXPECT_EQ(ask(post(5) + "hello").code, 200u);
  EXPECT_EQ(service_.stats().uploads_refused, 1u);
}

TEST_F(http_upload, their_bytes_are_limited_announced_or_not) {
  listener_config config;
  config.max_staged = config.max_staged_per_address = 100'000;
  run(config);
  EXPECT_EQ(ask(post(100'001)).code, 503u);
  auto& first = connect();
  first.send(post(60'000));
  until([&] { return service_.stats().staged_now == 60'000; }, "an upload");
  EXPECT_EQ(ask(post(60'000)).code, 503u);
  auto& chunked = connect();
  chunked.send("POST /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nC350\r\n" + noise(50'000));
  EXPECT_EQ(response(chunked).code, 503u);
  first.send(noise(60'000));
  EXPECT_EQ(response(first).body, hash_of(noise(60'000)));
  until_tidy();
}

TEST_F(http_upload, one_address_has_a_quarter_unless_the_manifest_says_more) {
  listener_config config;
  config.max_uploads = 8;
  config.max_staged = 400'000;
  run(config);
  EXPECT_EQ(ask(post(100'001)).code, 503u);
  auto& first = connect();
  auto& second = connect();
  first.send(post(50'000));
  second.send(post(5));
  until([&] { return service_.stats().uploads_now == 2; }, "two uploads");
  EXPECT_EQ(ask(post(5) + "hello").code, 503u) << "the third of eight";
  second.close();
  until([&] { return service_.stats().uploads_now == 1; }, "one of them to go");
  EXPECT_EQ(ask(post(50'001)).code, 503u) << "more than a quarter of the bytes";
  EXPECT_EQ(ask(post(5) + "hello").body, hash_of("hello"));
  EXPECT_EQ(service_.stats().uploads_refused, 3u);
}

TEST_F(http_upload, the_longer_one_is_the_faster_it_comes) {
  listener_config config;
  config.transfer_timeout = milliseconds(300);
  config.min_transfer = 1;
  run(config);
  auto& slow = connect();
  slow.send(post(30 << 20));
  const auto step = [&] {
    if (slow.received.empty() && slow.sent()) slow.send("xx");
  };
  until([&] { return step(), !slow.received.empty(); }, "a refusal");
  EXPECT_EQ(response(slow).code, 408u);
  until_tidy();
}

TEST_F(http_upload, one_that_trickles_is_408_and_one_that_moves_is_not) {
  listener_config config;
  config.transfer_timeout = milliseconds(300);
  config.min_transfer = 1000;
  config.http_request_timeout = milliseconds(100);
  run(config);
  auto& loris = connect();
  auto& phone = connect();
  loris.send(post(32'000));
  phone.send(post(32'000));
  std::size_t sent = 0;
  const auto step = [&] {
    if (loris.received.empty()) loris.send("x");
    if (sent < 20'000 && phone.sent()) {
      phone.send(std::string(100, 'p'));
      sent += 100;
    }
  };
  until([&] { return step(), !loris.received.empty(); }, "a refusal");
  EXPECT_EQ(response(loris).code, 408u);
  until_ended(loris);
  EXPECT_TRUE(phone.received.empty()) << phone.received;
  phone.send(std::string(32'000 - sent, 'p'));
  EXPECT_EQ(response(phone).body, hash_of(std::string(32'000, 'p')));
  EXPECT_EQ(service_.stats().uploads_cut, 1u);
  until_tidy();
}

TEST_F(http_upload, a_full_disk_is_507_and_the_next_may_pass) {
  run();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit little = before;
  little.rlim_cur = 100'000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &little), 0);
  const auto r = ask(post(200'000) + noise(200'000));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(r.code, 507u);
  EXPECT_EQ(service_.stats().uploads_failed, 1u);
  EXPECT_NE(service_.uploads().trouble().find("File too large"), std::string::npos) << service_.uploads().trouble();
  until_tidy();
  EXPECT_EQ(ask(post(5) + "hello").code, 200u);
  EXPECT_EQ(service_.uploads().trouble(), "");
}

TEST_F(http_upload, some_of_the_disk_is_left_free) {
  listener_config config;
  config.min_free = std::size_t(1) << 60;
  run(config);
  EXPECT_EQ(ask(post(5) + "hello").code, 507u);
  EXPECT_EQ(service_.stats().uploads_failed, 1u);
  until_tidy();
  config.min_free = 1;
  server_->set_limits(config);
  EXPECT_EQ(ask(post(5) + "hello").code, 200u);
}

TEST_F(http_upload, who_sends_on_after_a_refusal_gets_its_answer) {
  listener_config config;
  config.min_transfer = 1;
  service_.uploads().open(directory());
  start(config, {.linger = milliseconds(20)});
  serve_route();
  at_head_ = [](const exchange_view&) { return status::not_allowed; };
  auto& c = connect();
  c.read(false);
  c.send(post(40 << 20));
  const auto enough = std::chrono::steady_clock::now() + milliseconds(200);  // linger many times over
  until([&] { return c.send(std::string(100, 'x')), std::chrono::steady_clock::now() > enough; }, "a refused body");
  EXPECT_EQ(server_->connections(), 1u);
  c.read(true);
  EXPECT_EQ(response(c).code, 403u);
  until([&] { return server_->connections() == 0; }, "one that sends no more to be closed");
}

}  // namespace
}  // namespace parley::host
