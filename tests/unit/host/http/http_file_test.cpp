#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "http_test.hpp"
#include "support/temp_dir.hpp"

namespace parley::host {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::string get(std::string_view path, std::string_view headers = {}) {
  return "GET /f/" + std::string(path) + " HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n";
}

class http_file : public http_test {
 protected:
  http_file() {
    fs::create_directories(root_ / "sub");
    write("small", "hello");
    write("empty", "");
    write("page", noise(4096));
    write("photo", noise(100 << 10));
    write("film", noise(5 << 20));
  }
  void run(listener_config config = {}) {
    start(std::move(config));
    serve_files();
  }
  void serve_files() {
    route files{"GET", "/f/", true, 0, [this](const exchange_view& x) { answer(x.id, x.path.substr(3)); }, "test"};
    route late = later("/later");
    route upload{"POST", "/f/", true, 1000, [this](const exchange_view& x) { answer(x.id, x.path.substr(3)); }, "test"};
    serve({files, late, upload, echo(service_, "GET", "/a")});
  }
  status answer(parley_exchange_id id, std::string_view path, std::string_view etag = {}) {
    const auto type = make_header("Content-Type", "x/y");
    const std::string name(path);
    return service_.respond_file(id, {&type, 1}, {root_.c_str(), name.c_str(), etag});
  }
  void write(const char* name, const std::string& bytes) { std::ofstream(root_ / name, std::ios::binary) << bytes; }

  test::temp_dir data_;
  const fs::path root_ = data_.path() / "root";
};

TEST_F(http_file, a_file_is_answered_with_its_facts) {
  run();
  auto& c = connect();
  for (const auto* name : {"small", "empty", "page", "photo", "film", "small"}) {
    c.send(get(name));
    const auto r = response(c);
    EXPECT_EQ(r.code, 200u) << name;
    EXPECT_TRUE(r.body == test::read_file(root_ / name)) << name;
    EXPECT_EQ(r.headers.at("content-type"), "x/y");
    EXPECT_EQ(r.headers.at("accept-ranges"), "bytes");
    EXPECT_EQ(r.headers.at("last-modified").size(), 29u);
    EXPECT_TRUE(r.headers.at("etag").starts_with('"'));
  }
  EXPECT_EQ(service_.stats().accepted, 1u);
  EXPECT_EQ(service_.stats().files, 6u);
  EXPECT_EQ(service_.stats().file_bytes, 5u + 4096 + (100 << 10) + (5 << 20) + 5);
  EXPECT_EQ(service_.stats().responses[2], 6u);
  EXPECT_EQ(ended_.size(), 6u);
}

TEST_F(http_file, pipelined_requests_behind_files_are_answered_in_order) {
  run();
  auto& c = connect();
  std::string all;
  for (int i = 0; i < 30; ++i) {
    for (const auto* name : {"film", "small", "none", "photo"}) all += get(name);
    all += "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  c.send(all);
  for (int i = 0; i < 30; ++i) {
    for (const auto* name : {"film", "small"}) ASSERT_TRUE(response(c).body == test::read_file(root_ / name)) << i;
    ASSERT_EQ(response(c).code, 404u);
    ASSERT_TRUE(response(c).body == test::read_file(root_ / "photo"));
    ASSERT_EQ(response(c).body, "GET /a ");
  }
}

TEST_F(http_file, head_tells_everything_but_the_body) {
  run();
  auto& c = connect();
  c.send("HEAD /f/film HTTP/1.1\r\nHost: h\r\n\r\n" + get("small"));
  const auto r = response(c, true);
  EXPECT_EQ(r.code, 200u);
  EXPECT_EQ(r.headers.at("content-length"), std::to_string(5 << 20));
  EXPECT_EQ(response(c).body, "hello");
}

TEST_F(http_file, ranges) {
  run();
  auto& c = connect();
  const auto film = test::read_file(root_ / "film");
  c.send(get("film", "Range: bytes=1000000-2000000\r\n"));
  auto r = response(c);
  EXPECT_EQ(r.code, 206u);
  EXPECT_TRUE(r.body == film.substr(1000000, 1000001));
  EXPECT_EQ(r.headers.at("content-range"), "bytes 1000000-2000000/5242880");
  c.send(get("film", "Range: bytes=-7\r\n"));
  EXPECT_TRUE(response(c).body == film.substr(film.size() - 7));
  c.send(get("film", "Range: bytes=0-1,5-6\r\n"));
  EXPECT_EQ(response(c).code, 200u);
  c.send(get("film", "Range: bytes=9000000-\r\n"));
  r = response(c);
  EXPECT_EQ(r.code, 416u);
  EXPECT_EQ(r.headers.at("content-range"), "bytes */5242880");
  c.send("HEAD /f/film HTTP/1.1\r\nHost: h\r\nRange: bytes=5-9\r\n\r\n");
  r = response(c, true);
  EXPECT_EQ(r.code, 206u);
  EXPECT_EQ(r.headers.at("content-length"), "5");
}

TEST_F(http_file, conditions) {
  run();
  auto& c = connect();
  c.send(get("small"));
  const auto first = response(c);
  const auto etag = first.headers.at("etag"), date = first.headers.at("last-modified");
  c.send(get("small", "If-None-Match: " + etag + "\r\n"));
  auto r = response(c);
  EXPECT_EQ(r.code, 304u);
  EXPECT_EQ(r.body, "");
  EXPECT_EQ(r.headers.at("etag"), etag);
  EXPECT_EQ(r.headers.count("content-length"), 0u);
  c.send(get("small", "If-Modified-Since: " + date + "\r\n"));
  EXPECT_EQ(response(c).code, 304u);
  c.send(get("small", "If-Match: \"other\"\r\n"));
  EXPECT_EQ(response(c).code, 412u);
  c.send(get("small", "If-Range: \"other\"\r\nRange: bytes=0-0\r\n"));
  EXPECT_EQ(response(c).body, "hello");
  c.send(get("small", "If-Range: " + etag + "\r\nRange: bytes=0-0\r\n"));
  EXPECT_EQ(response(c).body, "h");
  const timespec times[2] = {{1, 1}, {1, 1}};
  ASSERT_EQ(utimensat(AT_FDCWD, (root_ / "small").c_str(), times, 0), 0);
  c.send(get("small", "If-None-Match: " + etag + "\r\n"));
  EXPECT_EQ(response(c).code, 200u) << "a file that was touched is another";
}

TEST_F(http_file, a_late_answer_keeps_the_conditions_and_the_plugins_tag) {
  run();
  auto& c = connect();
  c.send(
      "GET /later HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\n\r\nGET /later HTTP/1.1\r\nHost: "
      "h\r\nIf-None-Match: \"mine\"\r\n\r\n");
  until([&] { return pending_.size() == 1; }, "the request");
  EXPECT_EQ(answer(pending_[0], "small", "\"mine\""), status::ok);
  EXPECT_EQ(answer(pending_[0], "small"), status::closed) << "once";
  const auto r = response(c);
  EXPECT_EQ(r.body, "el");
  EXPECT_EQ(r.headers.at("etag"), "\"mine\"");
  until([&] { return pending_.size() == 2; }, "the next request");
  EXPECT_EQ(answer(pending_[1], "small", "\"mine\""), status::ok);
  EXPECT_EQ(response(c).code, 304u);
}

TEST_F(http_file, a_post_may_be_answered_with_the_whole_of_one) {
  run();
  auto& c = connect();
  c.send("POST /f/small HTTP/1.1\r\nHost: h\r\nRange: bytes=0-0\r\nContent-Length: 2\r\n\r\nxx");
  EXPECT_EQ(response(c).body, "hello");
}

TEST_F(http_file, only_regular_files_below_the_root) {
  run();
  test::write_file(data_.path() / "secret", "secret");
  fs::create_symlink("../secret", root_ / "out");
  fs::create_symlink("small", root_ / "link");
  fs::create_directory_symlink("..", root_ / "up");
  ASSERT_EQ(mkfifo((root_ / "fifo").c_str(), 0600), 0);
  auto& c = connect();
  for (const auto* path : {"none", "sub", "out", "link", "up/secret", "fifo", "../secret", "/etc/passwd",
                           "sub/../small", "./small", "small/", "sub//x", "", "%2e%2e/secret"}) {
    c.send(get(path));
    EXPECT_EQ(response(c).code, 404u) << path;
  }
  EXPECT_EQ(service_.stats().files, 0u);
}

TEST_F(http_file, a_path_out_of_bounds_is_the_plugins_fault) {
  run();
  auto& c = connect();
  c.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
  until([&] { return !pending_.empty(); }, "the request");
  EXPECT_EQ(answer(pending_[0], "../secret"), status::malformed);
  EXPECT_EQ(response(c).code, 404u);
}

TEST_F(http_file, headers_that_are_the_files_own_are_refused) {
  run();
  auto& c = connect();
  c.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
  until([&] { return !pending_.empty(); }, "the request");
  const auto header = make_header("ETag", "\"x\"");
  EXPECT_EQ(service_.respond_file(pending_[0], {&header, 1}, {root_.c_str(), "small", {}}), status::malformed);
  EXPECT_EQ(response(c).code, 500u);
}

TEST_F(http_file, close_may_be_asked_for) {
  run();
  auto& c = connect();
  c.send("GET /f/film HTTP/1.0\r\n\r\n");
  const auto r = response(c);
  EXPECT_TRUE(r.body == test::read_file(root_ / "film"));
  EXPECT_EQ(r.headers.at("connection"), "close");
  until_ended(c);
  EXPECT_FALSE(c.reset());
}

TEST_F(http_file, one_that_shrinks_ends_the_connection_short_of_its_length) {
  run();
  write("shrinking", std::string(30 << 20, 's'));
  auto& c = connect(4096);
  c.read(false);
  c.send(get("shrinking"));
  until([&] { return service_.stats().files == 1; }, "the answer");
  for (int i = 0; i < 20; ++i) loop_.turn(false);
  fs::resize_file(root_ / "shrinking", 1 << 20);
  c.read(true);
  until_ended(c);
  EXPECT_LT(c.received.size(), std::size_t{30} << 20);
  EXPECT_EQ(service_.stats().files_cut, 1u);
}

TEST_F(http_file, one_that_is_replaced_is_sent_as_it_was) {
  run();
  const auto film = test::read_file(root_ / "film");
  auto& c = connect(4096);
  c.read(false);
  c.send(get("film"));
  until([&] { return service_.stats().files == 1; }, "the answer");
  write("new", noise(5 << 20).substr(1) + "!");
  fs::rename(root_ / "new", root_ / "film");
  c.read(true);
  EXPECT_TRUE(response(c).body == film);
  c.send(get("film"));
  EXPECT_TRUE(response(c).body == test::read_file(root_ / "film"));
}

TEST_F(http_file, a_client_that_does_not_read_is_closed_and_one_that_reads_slowly_is_not) {
  listener_config config;
  config.transfer_timeout = milliseconds(400);
  config.min_transfer = 2000;
  run(config);
  write("long", std::string(40 << 20, 'l'));
  auto& stuck = connect(4096);
  auto& slow = connect(4096);
  stuck.read(false);
  stuck.send(get("long"));
  slow.send(get("long"));
  until([&] { return service_.stats().slow_clients == 1; }, "the stuck one to be closed");
  EXPECT_EQ(response(slow).body.size(), std::size_t{40} << 20);
}

TEST_F(http_file, a_client_that_goes_in_the_middle_is_forgotten) {
  run();
  auto& c = connect(4096);
  c.read(false);
  c.send(get("film"));
  until([&] { return service_.stats().files == 1; }, "the answer");
  c.close();
  until([&] { return server_->connections() == 0; }, "the connection to go");
}

TEST_F(http_file, a_server_may_go_while_files_are_opened_and_sent) {
  run();
  for (int i = 0; i < 20; ++i) {
    auto& c = connect(4096);
    c.read(i % 2);
    c.send(get(i % 3 ? "film" : "photo"));
  }
  until([&] { return service_.stats().files >= 10; }, "answers");
  server_.reset();
  for (auto& c : clients_) {
    c->read(true);
    until_ended(*c);
  }
}

TEST_F(http_file, a_drain_finishes_it) {
  run();
  auto& c = connect(4096);
  c.read(false);
  c.send(get("film"));
  until([&] { return service_.stats().files == 1; }, "the answer");
  bool done = false;
  server_->drain([&] { done = true; });
  EXPECT_TRUE(server_->busy());
  for (int i = 0; i < 10; ++i) loop_.turn(false);
  EXPECT_FALSE(done);
  c.read(true);
  EXPECT_TRUE(response(c).body == test::read_file(root_ / "film"));
  until_ended(c);
  c.close();
  until([&] { return done; }, "the drain");
}

TEST_F(http_file, out_of_descriptors_what_the_cache_holds_is_given_up_first) {
#ifdef PARLEY_SANITIZED
  GTEST_SKIP() << "the undefined-behaviour sanitizer checks addresses with a pipe of its own";
#endif
  run();
  auto& c = connect();
  c.send(get("small"));
  EXPECT_EQ(response(c).code, 200u);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  c.send(get("photo"));
  const auto r = response(c);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(r.code, 503u);
  EXPECT_EQ(service_.files().size(), 0u);
  c.send(get("photo"));
  EXPECT_EQ(response(c).code, 200u);
}

TEST_F(http_file, a_thousand_slow_downloads_keep_memory_flat) {
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  if (descriptors.rlim_cur < 2500) GTEST_SKIP() << "needs 2500 descriptors";
  listener_config config;
  config.max_connections = 2000;
  run(config);
  const auto film = test::read_file(root_ / "film");
  for (int i = 0; i < 1000; ++i) {
    auto& c = connect(4096);
    c.read(false);
    c.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  until([&] { return service_.stats().requests == 1000; }, "all to be there");
  const auto before = mallinfo2().uordblks;
  for (auto& c : clients_) c->send(get("film"));
  until([&] { return service_.stats().files == 1000; }, "all downloads to have begun");
  for (int i = 0; i < 20; ++i) loop_.turn(false);
  const auto grown = mallinfo2().uordblks - before;
#ifndef PARLEY_SANITIZED
  EXPECT_LT(grown, std::size_t{2} << 20) << "2 KiB each";
#else
  (void)grown;
#endif
  clients_[500]->read(true);
  EXPECT_EQ(response(*clients_[500]).code, 200u);
  EXPECT_TRUE(response(*clients_[500]).body == film) << "and each is served";
}

TEST_F(http_file, limits_may_change_while_it_serves) {
  run();
  auto& c = connect();
  c.send(get("small"));
  EXPECT_EQ(response(c).code, 200u);
  listener_config config;
  config.kind = listener_kind::http;
  config.max_header = 1024;
  config.http_idle_timeout = milliseconds(50);
  server_->set_limits(config);
  EXPECT_EQ(ask(get("small", "X: " + std::string(2000, 'x') + "\r\n")).code, 431u);
  until_ended(c);
  EXPECT_EQ(service_.stats().idle_closed, 1u);
}

}  // namespace
}  // namespace parley::host
