// parley/testing with bodies in files and answers from files.
#include <gtest/gtest.h>

#include <parley/testing.hpp>

#include <filesystem>

namespace {

using parley::testing::core;

parley::testing::options with_shelf() {
  parley::testing::options o;
  o.plugins = {{"shelf", PARLEY_PLUGIN_FILE}};
  return o;
}

std::string body_of(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 31 + i / 251);
  return out;
}

TEST(shelf, keeps_what_is_posted_and_gives_it_back) {
  core host(with_shelf());
  const auto begun = host.now_ms();
  for (const std::size_t size : {0, 1, 4096, 100'000, 3'000'000}) {
    const auto body = body_of(size);
    const auto posted = host.request("POST", "/shelf/thing", {}, body);
    EXPECT_EQ(posted.code, 201u) << posted.body;
    EXPECT_EQ(posted.body, std::to_string(size) + "\n");
    const auto got = host.get("/shelf/thing");
    EXPECT_EQ(got.code, 200u);
    EXPECT_TRUE(got.body == body) << size;
  }
  EXPECT_EQ(host.now_ms(), begun) << "disks take no virtual time";
  EXPECT_TRUE(std::filesystem::is_empty(host.data() + "/uploads"));
  EXPECT_TRUE(std::filesystem::exists(host.data() + "/plugins/shelf/thing"));
}

TEST(shelf, takes_chunks) {
  core host(with_shelf());
  const auto posted = host.request("POST", "/shelf/c", {{"Transfer-Encoding", "chunked"}}, "5\r\nhello\r\n0\r\n\r\n");
  EXPECT_EQ(posted.code, 201u) << posted.body;
  EXPECT_EQ(host.get("/shelf/c").body, "hello");
}

TEST(shelf, answers_ranges_conditions_and_heads) {
  core host(with_shelf());
  host.request("POST", "/shelf/a", {}, "hello");
  const auto part = host.request("GET", "/shelf/a", {{"Range", "bytes=1-3"}});
  EXPECT_EQ(part.code, 206u);
  EXPECT_EQ(part.body, "ell");
  EXPECT_EQ(part.header("content-range"), "bytes 1-3/5");
  EXPECT_EQ(host.request("GET", "/shelf/a", {{"If-None-Match", part.header("etag")}}).code, 304u);
  const auto head = host.request("HEAD", "/shelf/a");
  EXPECT_EQ(head.header("content-length"), "5");
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(host.get("/shelf/none").code, 404u);
  EXPECT_EQ(host.get("/shelf/../a").code, 404u);
}

TEST(shelf, refuses_at_the_head) {
  core host(with_shelf());
  EXPECT_EQ(host.request("POST", "/shelf/a", {{"X-Refuse", "status"}}, "hello").code, 403u);
  EXPECT_EQ(host.request("POST", "/shelf/a", {{"X-Refuse", "answer"}}, "hello").body, "no tea\n");
  EXPECT_EQ(host.get("/shelf/a").code, 404u);
}

TEST(shelf, is_reloaded_between_requests) {
  core host(with_shelf());
  host.request("POST", "/shelf/a", {}, "before");
  ASSERT_TRUE(host.reload("shelf"));
  EXPECT_EQ(host.get("/shelf/a").body, "before");
  EXPECT_EQ(host.request("POST", "/shelf/a", {}, "after").code, 201u);
  EXPECT_EQ(host.get("/shelf/a").body, "after");
}

}  // namespace
