// What the node answers over HTTP.
#include "node/fixture.hpp"

namespace parley::test {
namespace {

struct http : node_test {};

TEST_F(http, health_and_readiness) {
  EXPECT_EQ(http_get((node(), node().http_port()), "/healthz").status, 200);
  EXPECT_EQ(http_get(node().http_port(), "/readyz").status, 200);
}

TEST_F(http, metrics_are_prometheus_text_and_count) {
  auto alice = user("alice"), bob = user("bob");
  ASSERT_TRUE(alice.say(bob.id(), "counted").acked());
  const auto page = http_get(node().http_port(), "/metrics");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(metric(page.body, "parley_sessions"), 2);
  EXPECT_NE(page.body.find("# TYPE parley_sessions gauge\n"), std::string::npos);
  EXPECT_NE(page.body.find("# TYPE parley_sessions_opened counter\n"), std::string::npos);
  EXPECT_EQ(metric(page.body, "parley_sessions_logged_in"), 2);
  EXPECT_GE(metric(page.body, "parley_pdus{direction=\"in\"}"), 3);
  std::istringstream lines(page.body);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto space = line.rfind(' ');
    ASSERT_NE(space, std::string::npos) << line;
    char* end = nullptr;
    std::strtod(line.c_str() + space + 1, &end);
    EXPECT_EQ(*end, '\0') << line;
  }
}

TEST_F(http, the_preface_of_http_2_is_refused_and_harms_nobody) {
  auto alice = user("alice");
  auto stranger = stream_socket::tcp(node().http_port());
  stranger.write_all("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", steady::now() + answer_time);
  EXPECT_EQ(http_get(node().http_port(), "/healthz").status, 200);
  EXPECT_TRUE(alice.wire().alive());
}

TEST_F(http, msg_server_tells_where_to_connect_as_teamtalk_does) {
  const auto answer = http_get((node(), node().http_port()), "/msg_server");
  EXPECT_EQ(answer.status, 200);
  const auto body = json::parse(answer.body);
  EXPECT_EQ(body.at("code"), 0);
  EXPECT_EQ(body.at("priorIP"), "127.0.0.1");
  EXPECT_EQ(body.at("backupIP"), "127.0.0.1");
  ASSERT_TRUE(body.at("port").is_string());
  EXPECT_EQ(body.at("port").get<std::string>(), std::to_string(node().pdu_port()));
  for (const auto* key : {"msg", "msfsPrior", "msfsBackup", "discovery"}) EXPECT_TRUE(body.at(key).is_string()) << key;
}

TEST_F(http, other_paths_are_not_there) {
  const auto port = (node(), node().http_port());
  EXPECT_EQ(http_get(port, "/no/such/page").status, 404);
  EXPECT_EQ(http_get(port, "/../../etc/passwd").status / 100, 4);
}

TEST_F(http, nonsense_is_refused_and_harms_nobody) {
  const auto port = (node(), node().http_port());
  const std::vector<std::string> requests = {
      "\r\n\r\n\r\n",
      "GET\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
      "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nBig: " + std::string(100000, 'b') + "\r\n\r\n",
      "GET /" + std::string(100000, 'u') + " HTTP/1.1\r\nHost: x\r\n\r\n",
      encode_pdu(0x0103, 1, "not http at all"),
      std::string(50000, '\0'),
  };
  for (const auto& request : requests) {
    const auto answer = http_raw(port, request, milliseconds(3000));
    EXPECT_TRUE(answer.status == 0 || answer.status / 100 == 4 || answer.status / 100 == 5)
        << answer.status << " to " << request.substr(0, 60);
  }
  EXPECT_EQ(http_get(port, "/healthz").status, 200);
}

TEST_F(http, a_connection_is_kept_for_several_requests) {
  auto socket = stream_socket::tcp((node(), node().http_port()));
  const auto deadline = steady::now() + patience(answer_time);
  std::string all;
  for (int i = 1; i <= 3; ++i) {
    socket.write_all("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", deadline);
    while (static_cast<int>(std::count(all.begin(), all.end(), '\n')) == 0 ||
           all.rfind("alive\n") == std::string::npos) {
      ASSERT_EQ(socket.read_some(all, deadline), stream_socket::read_result::data) << "request " << i;
    }
    EXPECT_EQ(all.rfind("HTTP/1.1 200", 0), 0u);
    all.clear();
  }
}

}  // namespace
}  // namespace parley::test
