#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "http_test.hpp"
#include "support/temp_dir.hpp"

namespace parley::host {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string post(std::size_t length, std::string_view more = {}) {
  return "POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) + "\r\n" + std::string(more) +
         "\r\n";
}

class http_upload : public http_test {
 protected:
  void run(listener_config config = {}) {
    service_.uploads().open(directory());
    start(std::move(config));
    serve_route();
  }
  void serve_route() {
    route r;
    r.method = "POST";
    r.path = "/up";
    r.max_body = 50 << 20;
    r.owner = "test";
    r.staged = true;
    r.head = [this](const exchange_view& x) { return at_head_(x); };
    r.handler = [this](const exchange_view& x) {
      file_ = x.body_file ? x.body_file : "";
      size_ = x.body_size;
      EXPECT_TRUE(x.body.empty());
      handle_(x);
    };
    serve({r, echo(service_, "GET", "/a"), echo(service_, "POST", "/memory", 100)});
  }
  std::string directory() const { return (data_.path() / "uploads").string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory()), fs::directory_iterator()));
  }
  void until_tidy() {
    until([&] { return files() == 0; }, "the staged file to go");
    EXPECT_EQ(service_.stats().uploads_now, 0u);
    EXPECT_EQ(service_.stats().staged_now, 0u);
  }

  test::temp_dir data_;
  std::string file_;
  std::uint64_t size_ = 0;
  std::vector<std::uint64_t> announced_;
  std::function<status(const exchange_view&)> at_head_ = [this](const exchange_view& x) {
    EXPECT_TRUE(x.body.empty());
    EXPECT_EQ(x.body_file, nullptr);
    announced_.push_back(x.body_size);
    return status::ok;
  };
  std::function<void(const exchange_view&)> handle_ = [this](const exchange_view& x) {
    const auto body = content(x.body_file);
    EXPECT_EQ(body.size(), x.body_size);
    service_.respond(x.id, 200, "text/plain", std::to_string(std::hash<std::string>()(body)));
  };
};

std::string hash_of(const std::string& body) {
  return std::to_string(std::hash<std::string>()(body));
}

std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t x = 1;
  for (auto& c : out) c = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  return out;
}

TEST_F(http_upload, a_body_comes_into_a_file_of_nobody_elses_and_goes_with_the_exchange) {
  run();
  std::uint32_t mode = 0;
  auto plain = handle_;
  handle_ = [&](const exchange_view& x) {
    struct stat s {};
    EXPECT_EQ(stat(x.body_file, &s), 0);
    mode = s.st_mode & 0777;
    plain(x);
  };
  const auto body = noise(5'000'000);
  auto& c = connect();
  c.send(post(body.size()) + body + "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(response(c).body, hash_of(body));
  EXPECT_EQ(response(c).body, "GET /a ") << "the connection goes on";
  EXPECT_EQ(mode, 0600u);
  EXPECT_EQ(size_, body.size());
  EXPECT_EQ(announced_, std::vector<std::uint64_t>{body.size()});
  EXPECT_TRUE(file_.starts_with(directory())) << file_;
  until_tidy();
  EXPECT_EQ(service_.stats().uploads, 1u);
  EXPECT_EQ(service_.stats().uploaded_bytes, body.size());
}

TEST_F(http_upload, chunked_bodies_byte_by_byte_and_whole) {
  run();
  const std::string stream =
      "POST /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: "
      "1\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  auto& whole = connect();
  whole.send(stream);
  EXPECT_EQ(response(whole).body, hash_of("hello world"));
  EXPECT_EQ(response(whole).body, "GET /a ");
  auto& slow = connect();
  for (char byte : stream) {
    slow.send({&byte, 1});
    until([&] { return slow.sent(); }, "a byte to be sent");
    loop_.turn(false);
  }
  EXPECT_EQ(response(slow).body, hash_of("hello world"));
  EXPECT_EQ(response(slow).body, "GET /a ");
  EXPECT_EQ(announced_, (std::vector<std::uint64_t>{PARLEY_HTTP_UNKNOWN, PARLEY_HTTP_UNKNOWN}));
  until_tidy();
}

TEST_F(http_upload, an_empty_body_is_an_empty_file) {
  run();
  EXPECT_EQ(ask(post(0)).body, hash_of(""));
  EXPECT_EQ(ask("POST /up HTTP/1.1\r\nHost: h\r\n\r\n").body, hash_of(""));
  EXPECT_FALSE(file_.empty());
  until_tidy();
}

TEST_F(http_upload, one_upload_after_another_on_a_connection) {
  run();
  auto& c = connect();
  std::string all;
  for (int i = 0; i < 50; ++i) {
    const auto body = noise(static_cast<std::size_t>(i) * 3001);
    all += post(body.size()) + body;
  }
  c.send(all);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(response(c).body, hash_of(noise(static_cast<std::size_t>(i) * 3001))) << i;
  until_tidy();
}

TEST_F(http_upload, what_was_renamed_stays) {
  run();
  const auto kept = (data_.path() / "kept").string();
  handle_ = [&](const exchange_view& x) {
    EXPECT_EQ(std::rename(x.body_file, kept.c_str()), 0);
    service_.respond(x.id, 201, "text/plain", "");
  };
  EXPECT_EQ(ask(post(5) + "hello").code, 201u);
  until_tidy();
  EXPECT_EQ(content(kept), "hello");
}

TEST_F(http_upload, an_answer_may_come_later_and_the_file_stays_until_then) {
  run();
  handle_ = [&](const exchange_view& x) { pending_.push_back(x.id); };
  auto& c = connect();
  c.send(post(5) + "hello");
  until([&] { return !pending_.empty(); }, "the request");
  for (int i = 0; i < 20; ++i) loop_.turn(false);
  EXPECT_EQ(content(file_), "hello");
  service_.respond(pending_[0], 200, "text/plain", "done");
  EXPECT_EQ(response(c).body, "done");
  until_tidy();
}

TEST_F(http_upload, the_head_decides_before_the_body_comes) {
  run();
  at_head_ = [](const exchange_view& x) { return x.header("x-pass") == "yes" ? status::ok : status::not_allowed; };
  auto& refused = connect();
  refused.send(post(1000, "Expect: 100-continue\r\n"));
  auto r = response(refused);
  EXPECT_EQ(r.code, 403u);
  EXPECT_EQ(r.headers.at("connection"), "close");
  until_ended(refused);
  EXPECT_FALSE(refused.reset());
  auto& passed = connect();
  passed.send(post(5, "Expect: 100-continue\r\nX-Pass: yes\r\n"));
  until([&] { return passed.received == "HTTP/1.1 100 Continue\r\n\r\n"; }, "the word to go on");
  passed.received.clear();
  passed.send("hello");
  EXPECT_EQ(response(passed).body, hash_of("hello"));
  until_tidy();
  EXPECT_EQ(ended_.size(), 3u) << "two heads and a body";
}

TEST_F(http_upload, the_head_may_answer_and_a_client_that_sends_on_reads_it) {
  run();
  at_head_ = [this](const exchange_view& x) {
    EXPECT_EQ(service_.respond(x.id, 418, "text/plain", "no"), status::ok);
    EXPECT_EQ(x.path, "/up") << "what is borrowed is there until the head returns";
    return status::ok;
  };
  auto& c = connect();
  c.send(post(3'000'000) + noise(3'000'000));
  const auto r = response(c);
  EXPECT_EQ(r.code, 418u);
  EXPECT_EQ(r.headers.at("connection"), "close");
  until_ended(c);
  EXPECT_FALSE(c.reset());
  EXPECT_EQ(service_.stats().uploads, 0u);
  until_tidy();
}

TEST_F(http_upload, an_answer_after_the_head_has_returned_finds_nobody) {
  run();
  parley_exchange_id head = 0;
  at_head_ = [&](const exchange_view& x) {
    head = x.id;
    return status::ok;
  };
  auto& c = connect();
  c.send(post(5));
  until([&] { return head != 0; }, "the head");
  EXPECT_FALSE(service_.is_open(head));
  EXPECT_EQ(service_.in_flight(), 0u);
  EXPECT_EQ(service_.respond(head, 200, "text/plain", "late"), status::closed);
  c.send("hello");
  EXPECT_EQ(response(c).body, hash_of("hello"));
}

TEST_F(http_upload, a_head_that_throws_is_a_500) {
  run();
  at_head_ = [](const exchange_view&) -> status { throw std::runtime_error("oops"); };
  EXPECT_EQ(ask(post(5) + "hello").code, 500u);
  EXPECT_EQ(service_.stats().handler_faults, 1u);
  until_tidy();
}

TEST_F(http_upload, a_head_may_close_everything) {
  run();
  at_head_ = [this](const exchange_view& x) {
    server_->close_all();
    EXPECT_EQ(x.path, "/up");
    return status::ok;
  };
  auto& c = connect();
  c.send(post(5) + "hello");
  until_ended(c);
  until_tidy();
}

TEST_F(http_upload, a_head_is_asked_for_bodies_in_memory_too) {
  run();
  route r = echo(service_, "POST", "/memory", 100);
  r.head = [](const exchange_view& x) { return x.body_size > 5 ? status::too_large : status::ok; };
  serve({r});
  EXPECT_EQ(ask("POST /memory HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello").body, "POST /memory hello");
  EXPECT_EQ(ask("POST /memory HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nhello!").code, 413u);
}

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

TEST_F(http_upload, without_a_directory_there_are_none) {
  start();
  serve_route();
  EXPECT_EQ(ask(post(5) + "hello").code, 503u);
  EXPECT_EQ(service_.stats().uploads_failed, 1u);
}

TEST_F(http_upload, a_directory_that_was_removed_is_made_again_and_one_that_cannot_be_is_told) {
  run();
  fs::remove_all(directory());
  EXPECT_EQ(ask(post(5) + "hello").body, hash_of("hello"));
  until_tidy();
  fs::remove_all(directory());
  std::ofstream(directory()) << "in the way";
  EXPECT_EQ(ask(post(5) + "hello").code, 503u);
  EXPECT_NE(service_.uploads().trouble(), "");
}

TEST_F(http_upload, what_an_earlier_run_left_goes) {
  fs::create_directories(directory() + "/more");
  std::ofstream(directory() + "/1") << "left";
  std::ofstream(directory() + "/more/2") << "left";
  run();
  EXPECT_EQ(files(), 0u);
}

TEST_F(http_upload, routes_may_change_while_the_body_comes) {
  run();
  auto& c = connect();
  c.send(post(5));
  until([&] { return !announced_.empty(); }, "the head");
  serve({echo(service_, "POST", "/up", 100)});
  c.send("hello");
  EXPECT_EQ(response(c).code, 503u);
  until_tidy();
}

TEST_F(http_upload, a_server_may_go_in_the_middle) {
  run();
  auto& c = connect();
  c.send(post(1'000'000) + noise(300'000));
  until([&] { return files() == 1; }, "the file");
  server_.reset();
  until_ended(c);
  until_tidy();
}

TEST_F(http_upload, a_drain_waits_for_it) {
  run();
  auto& c = connect();
  c.send(post(5));
  until([&] { return !announced_.empty(); }, "the head");
  bool done = false;
  server_->drain([&] { done = true; });
  EXPECT_TRUE(server_->busy());
  for (int i = 0; i < 10; ++i) loop_.turn(false);
  EXPECT_FALSE(done);
  c.send("hello");
  const auto r = response(c);
  EXPECT_EQ(r.body, hash_of("hello"));
  EXPECT_EQ(r.headers.at("connection"), "close");
  c.close();
  until([&] { return done; }, "the drain");
}

TEST_F(http_upload, smuggled_framing_is_refused_before_anybody_is_asked) {
  run();
  const std::string host = "POST /up HTTP/1.1\r\nHost: h\r\n", body = "\r\n0\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  for (const std::string headers : {
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
           "Transfer-Encoding: chunked, identity\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Transfer-Encoding:\x0b"
           "chunked\r\n",
           "Transfer-Encoding : chunked\r\n",
           "Transfer-Encoding: chunked\r\n chunked\r\n",
           "Transfer-Encoding: \"chunked\"\r\n",
           "Content-Length: 5\r\nContent-Length: 5\r\n",
           "Content-Length: 5\r\nContent-Length: 0\r\n",
           "Content-Length: 5, 5\r\n",
           "Content-Length: +5\r\n",
           "Content-Length: 5 5\r\n",
           "Content-Length : 5\r\n",
           "Content-Length: 5\r\n\tx\r\n",
           "Content-Length: 18446744073709551621\r\n",
       }) {
    auto& c = connect();
    c.send(host + headers + body);
    const auto r = response(c);
    EXPECT_TRUE(r.code == 400 || r.code == 501) << headers << r.code;
    EXPECT_EQ(r.headers.at("connection"), "close") << headers;
    until_ended(c);
    EXPECT_EQ(c.received, "") << headers << "nothing behind it is read as a request";
  }
  EXPECT_TRUE(announced_.empty());
  until_tidy();
}

}  // namespace
}  // namespace parley::host
