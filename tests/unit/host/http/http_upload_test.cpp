#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "http_upload_fixture.hpp"

namespace parley::host {
namespace {

namespace fs = std::filesystem;

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
  EXPECT_EQ(test::read_file(kept), "hello");
}

TEST_F(http_upload, an_answer_may_come_later_and_the_file_stays_until_then) {
  run();
  handle_ = [&](const exchange_view& x) { pending_.push_back(x.id); };
  auto& c = connect();
  c.send(post(5) + "hello");
  until([&] { return !pending_.empty(); }, "the request");
  for (int i = 0; i < 20; ++i) loop_.turn(false);
  EXPECT_EQ(test::read_file(file_), "hello");
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
