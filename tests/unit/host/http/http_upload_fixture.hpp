// A server with a route whose bodies come into files.
#pragma once

#include <filesystem>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "http_test.hpp"
#include "support/temp_dir.hpp"

namespace parley::host {

inline std::string post(std::size_t length, std::string_view more = {}) {
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
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory()), std::filesystem::directory_iterator()));
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
    const auto body = test::read_file(x.body_file);
    EXPECT_EQ(body.size(), x.body_size);
    service_.respond(x.id, 200, "text/plain", std::to_string(std::hash<std::string>()(body)));
  };
};

inline std::string hash_of(const std::string& body) {
  return std::to_string(std::hash<std::string>()(body));
}

}  // namespace parley::host
