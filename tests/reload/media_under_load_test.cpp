#include <atomic>
#include <cstdlib>
#include <thread>

#include "support/http_client.hpp"
#include "support/multipart.hpp"
#include "support/socket.hpp"
#include "torture.hpp"

namespace parley::test {
namespace {

http_response upload_slowly(std::uint16_t port, const std::string& content) {
  const auto body = form_with("a.bin", content);
  const auto deadline = steady::now() + patience(answer_time);
  auto socket = stream_socket::tcp(port);
  socket.write_all("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=" +
                       std::string(form_boundary) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n",
                   deadline);
  // Head and end fall into different generations, most of the time.
  for (int piece = 0; piece < 8; ++piece) {
    const auto from = body.size() * static_cast<std::size_t>(piece) / 8;
    const auto to = body.size() * static_cast<std::size_t>(piece + 1) / 8;
    socket.write_all(std::string_view(body).substr(from, to - from), deadline);
    poll(nullptr, 0, 20);
  }
  std::string all;
  while (socket.read_some(all, deadline) == stream_socket::read_result::data) {
  }
  const auto end = all.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  return {std::atoi(all.c_str() + 9), all.substr(0, end), all.substr(end + 4)};
}

/// Files are uploaded and fetched again while the plugin msfs is replaced PARLEY_TORTURE_RELOADS times.
TEST(media_torture, no_upload_is_lost_or_refused) {
  const int reloads = wished_reloads();
  server::options what;
  what.environment = {{"PARLEY_PROBATION", "20ms"}, {"PARLEY_UPLOAD_RATE", "0"}};
  server node(what);

  std::atomic<bool> stop = false;
  std::atomic<int> uploads = 0;
  std::string troubles[3];
  std::vector<std::thread> all;
  for (auto& trouble : troubles) {
    all.emplace_back([&] {
      for (int i = 0; trouble.empty() && !stop; ++i) {
        try {
          const std::string content(20'000 + static_cast<std::size_t>(i), 'x');
          const auto sent = upload_slowly(node.http_port(), content);
          const auto told = json::parse(sent.body, nullptr, false);
          if (!told.is_object() || told.value("error_code", -1) != 0) {
            trouble = "an upload was answered " + std::to_string(sent.status) + " " + sent.body;
          } else if (http_get(node.http_port(), "/" + told.at("path").get<std::string>()).body != content) {
            trouble = "another file came back";
          }
          ++uploads;
        } catch (const failure& f) {
          trouble = f.what();
        }
      }
    });
  }
  int swapped = 0;
  for (int i = 0; i < reloads; ++i) {
    const auto answer = node.control().call("reload", {{"name", "msfs"}});
    EXPECT_TRUE(answer.ok) << answer.error;
    swapped += answer.ok;
  }
  stop = true;
  for (auto& one : all) one.join();
  for (const auto& trouble : troubles) EXPECT_EQ(trouble, "");
  EXPECT_EQ(swapped, reloads);
  EXPECT_GT(uploads, 3);
  EXPECT_EQ(node.ask("media usage").at("files"), uploads.load());
  expect_a_clean_end(node, reloads);
}

}  // namespace
}  // namespace parley::test
