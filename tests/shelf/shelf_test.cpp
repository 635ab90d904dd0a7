// Files over HTTP through a real node: its disk, its limits, its end.
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "node/fixture.hpp"
#include "support/manifest.hpp"
#include "support/socket.hpp"

namespace parley::test {
namespace {

namespace fs = std::filesystem;

std::string post(const std::string& name, std::size_t size) {
  return "POST /shelf/" + name + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) +
         "\r\nConnection: close\r\n\r\n";
}

std::string film() {
  std::string out(8 << 20, '\0');
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(i * 7 + i / 255);
  return out;
}

class shelf_node : public node_test {
 protected:
  shelf_node() {
    options_.manifest = (files_.path() / "shelf.yaml").string();
    write("");
  }
  void write(const std::string& limits) {
    auto text = small_manifest("  - {name: shelf, file: " SHELF_PLUGIN "}\n");
    const auto kind = text.find("kind: http,");
    if (kind == std::string::npos) throw failure("no http listener in the small manifest");
    text.insert(kind + 11, limits);
    write_file(options_.manifest, text);
  }
  std::size_t staged() {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(node().data() + "/uploads"), fs::directory_iterator()));
  }
  http_response put(const std::string& name, const std::string& body) {
    return http_raw(node().http_port(), post(name, body.size()) + body);
  }

  temp_dir files_;
};

TEST_F(shelf_node, what_is_posted_can_be_got_over_a_restart) {
  const auto body = film();
  EXPECT_EQ(put("film", body).status, 201);
  EXPECT_TRUE(http_get(node().http_port(), "/shelf/film").body == body);
  node().restart();
  EXPECT_TRUE(http_get(node().http_port(), "/shelf/film").body == body);
  EXPECT_EQ(count("parley_http_files"), 1);
  EXPECT_EQ(count("parley_http_file_bytes"), static_cast<double>(body.size()));
}

TEST_F(shelf_node, clients_killed_in_the_middle_leave_nothing) {
  write(" max_uploads_per_address: 20,");
  {
    std::vector<stream_socket> clients;
    for (int i = 0; i < 20; ++i) {
      clients.push_back(stream_socket::tcp((node(), node().http_port())));
      clients.back().write_all(post("x", 1'000'000) + std::string(300'000, 'x'), steady::now() + answer_time);
    }
    EXPECT_TRUE(eventually([&] { return staged() == 20; }));
    EXPECT_EQ(count("parley_http_staged_bytes"), 20'000'000);
  }
  EXPECT_TRUE(eventually([&] { return staged() == 0; }));
  EXPECT_EQ(count("parley_http_staged_bytes"), 0);
  EXPECT_EQ(http_get(node().http_port(), "/shelf/x").status, 404);
}

TEST_F(shelf_node, a_kill_in_the_middle_is_tidied_up_at_the_next_start) {
  auto client = stream_socket::tcp((node(), node().http_port()));
  client.write_all(post("x", 1'000'000) + std::string(300'000, 'x'), steady::now() + answer_time);
  EXPECT_TRUE(eventually([&] { return staged() == 1; }));
  node().kill9();
  EXPECT_EQ(staged(), 1u);
  node().restart();
  EXPECT_EQ(staged(), 0u);
}

TEST_F(shelf_node, a_full_disk_is_told_and_the_node_lives) {
  node();
  rlimit before{}, little{};
  ASSERT_EQ(prlimit(node().pid(), RLIMIT_FSIZE, nullptr, &before), 0);
  little = before;
  little.rlim_cur = 100'000;
  ASSERT_EQ(prlimit(node().pid(), RLIMIT_FSIZE, &little, nullptr), 0);
  EXPECT_EQ(put("x", std::string(1'000'000, 'x')).status, 507);
  EXPECT_TRUE(eventually([&] { return staged() == 0; }));
  EXPECT_NE(node().status().at("degraded").get<std::string>().find("uploads"), std::string::npos);
  EXPECT_EQ(count("parley_http_uploads_failed"), 1);
  EXPECT_NE(node().log().find("File too large"), std::string::npos);
  ASSERT_EQ(prlimit(node().pid(), RLIMIT_FSIZE, &before, nullptr), 0);
  EXPECT_EQ(put("x", "hello").status, 201);
  EXPECT_EQ(node().status().at("degraded"), "");
}

TEST_F(shelf_node, a_drain_lets_files_flow_to_their_end) {
  const auto body = film();
  ASSERT_EQ(put("film", body).status, 201);
  auto client = stream_socket::tcp(node().http_port(), 4096);
  client.write_all("GET /shelf/film HTTP/1.1\r\nHost: h\r\n\r\n", steady::now() + answer_time);
  std::string got;
  ASSERT_EQ(client.read_some(got, steady::now() + answer_time), stream_socket::read_result::data);
  kill(node().pid(), SIGTERM);
  EXPECT_TRUE(eventually([&] { return node().log().find("draining") != std::string::npos; }));
  while (client.read_some(got, steady::now() + answer_time) == stream_socket::read_result::data) {
  }
  const auto head = got.find("\r\n\r\n");
  ASSERT_NE(head, std::string::npos);
  EXPECT_TRUE(got.substr(head + 4) == body) << got.size();
  EXPECT_TRUE(eventually([&] { return !node().running(); }));
  node().restart();
}

TEST_F(shelf_node, reloads_while_bytes_flow_do_not_matter) {
  const auto body = film();
  ASSERT_EQ(put("film", body).status, 201);
  auto client = stream_socket::tcp(node().http_port(), 4096);
  auto upload = stream_socket::tcp(node().http_port());
  const auto deadline = steady::now() + patience(answer_time);
  client.write_all("GET /shelf/film HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", deadline);
  upload.write_all(post("other", 10) + "hello", deadline);
  std::string got, answer;
  ASSERT_EQ(client.read_some(got, deadline), stream_socket::read_result::data);
  node().ask("reload", {{"name", "shelf"}});
  upload.write_all("world", deadline);
  while (upload.read_some(answer, deadline) == stream_socket::read_result::data) {
  }
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 201")) << answer;
  while (client.read_some(got, deadline) == stream_socket::read_result::data) {
  }
  EXPECT_TRUE(got.substr(got.find("\r\n\r\n") + 4) == body);
}

TEST_F(shelf_node, changed_limits_apply_without_a_restart) {
  node();
  const auto large =
      "GET /shelf/none HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: " + std::string(3000, 'x') + "\r\n\r\n";
  EXPECT_EQ(http_raw(node().http_port(), large).status, 404);
  write(" max_header: 2KiB, max_staged: 1KiB, max_staged_per_address: 1KiB,");
  kill(node().pid(), SIGHUP);
  EXPECT_TRUE(eventually([&] { return node().log().find("SIGHUP: applied: limits") != std::string::npos; }))
      << node().log();
  EXPECT_EQ(http_raw(node().http_port(), large).status, 431);
  EXPECT_EQ(put("x", std::string(2000, 'x')).status, 503);
  EXPECT_EQ(put("x", std::string(1000, 'x')).status, 201);
}

}  // namespace
}  // namespace parley::test
