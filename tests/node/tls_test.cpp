// TLS on the listeners of a running node.
#include "node/fixture.hpp"

#include <signal.h>

#include <ctime>
#include <fstream>

#include "host/tls/self_signed.hpp"
#include "support/multipart.hpp"
#include "support/picture.hpp"

namespace parley::test {
namespace {

struct tls_node : node_test {
  tls_node() {
    make_certificate();
    options_.environment["PARLEY_TLS_CERTIFICATE"] = certificate();
    options_.environment["PARLEY_TLS_KEY"] = key();
  }
  void make_certificate(const tls::certificate_wish& wish = {}) {
    const auto made = tls::make_self_signed(files_.path().string(), wish);
    ASSERT_TRUE(made) << made.text();
  }
  std::string certificate() const { return (files_.path() / "certificate.pem").string(); }
  std::string key() const { return (files_.path() / "key.pem").string(); }
  std::shared_ptr<const tls::client_context> trust() const { return *tls::client_context::make(certificate(), false); }

  chat_client secure_user(const std::string& name) {
    node().add_user(name);
    return log_in(name);
  }
  chat_client log_in(const std::string& name) {
    chat_client out;
    login_as how;
    how.trust = trust();
    out.log_in(node().pdu_port(), name, how);
    return out;
  }
  http_response get(const std::string& path) {
    auto socket = stream_socket::tcp(node().http_port());
    EXPECT_TRUE(socket.secure(trust())) << socket.tls()->reason();
    return http_over(std::move(socket), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }
  json upload(const std::string& name, const std::string& content) {
    auto socket = stream_socket::tcp(node().http_port());
    EXPECT_TRUE(socket.secure(trust())) << socket.tls()->reason();
    const auto body = form_with(name, content);
    return json::parse(http_over(std::move(socket),
                                 "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=" +
                                     std::string(form_boundary) + "\r\nContent-Length: " + std::to_string(body.size()) +
                                     "\r\n\r\n" + body)
                           .body);
  }
  double seen(const std::string& series) { return metric(get("/metrics").body, series); }
  std::string certificate_state() { return node().status().at("listeners").at(0).at("certificate"); }
  bool hang_up(const std::string& word) {
    const auto before = node().log().size();
    kill(node().pid(), SIGHUP);
    return eventually([&] { return node().log().find(word, before) != std::string::npos; });
  }
  temp_dir files_;
};

TEST_F(tls_node, users_talk_and_https_answers) {
  auto alice = secure_user("alice"), bob = secure_user("bob");
  ASSERT_TRUE(alice.say(bob.id(), "sealed").acked());
  EXPECT_TRUE(bob.wire().next_of(0x0301));
  EXPECT_EQ(get("/healthz").body, "alive\n");
  EXPECT_EQ(seen("parley_tls_handshakes{kind=\"pdu\",how=\"full\"}"), 2);
  EXPECT_GT(seen("parley_tls_certificate_expires_seconds{listener=\"clients\"}"), 300 * 86400);
  EXPECT_EQ(certificate_state().rfind("good until ", 0), 0u) << certificate_state();
  EXPECT_STREQ(alice.wire().socket().tls()->version(), "TLSv1.3");
}

TEST_F(tls_node, clients_are_told_urls_of_https) {
  EXPECT_EQ(json::parse(get("/msg_server").body).at("msfsPrior"), "https://localhost/");
  const auto kept = upload("a.png", png(2, 2));
  const std::string path = kept.at("path");
  EXPECT_EQ(kept.at("url"), "https://localhost/" + path);
  EXPECT_EQ(get("/" + path).body, png(2, 2));
}

TEST_F(tls_node, a_proxy_in_front_has_a_url_of_its_own) {
  options_.environment["PARLEY_MEDIA_URL"] = "http://im.example/media/";
  const auto kept = upload("a.png", "x");
  EXPECT_EQ(kept.at("url"), "http://im.example/media/" + std::string(kept.at("path")));
}

TEST_F(tls_node, plain_text_is_closed_and_counted) {
  wire_client stranger;
  stranger.connect((node(), node().pdu_port()));
  stranger.send(0x0701, 1, {});
  EXPECT_TRUE(stranger.closed_within(answer_time));
  EXPECT_TRUE(stranger.inbox().empty());
  EXPECT_EQ(http_get(node().http_port(), "/healthz").status, 0);
  EXPECT_EQ(seen("parley_sessions_closed{reason=\"no tls\"}"), 1);
  EXPECT_EQ(seen("parley_tls_failed{kind=\"pdu\",why=\"plain text\"}"), 1);
  EXPECT_EQ(seen("parley_tls_failed{kind=\"http\",why=\"plain text\"}"), 1);
}

TEST_F(tls_node, garbage_in_tls_harms_nobody) {
  auto bystander = secure_user("bystander");
  for (int i = 0; i < 100; ++i) {
    auto socket = stream_socket::tcp(i % 2 ? node().pdu_port() : node().http_port());
    std::string noise("\x16\x03\x01\x02\x00\x01", 6);
    for (int k = 0; k < 600; ++k) noise += static_cast<char>(k * i * 31 >> 3);
    socket.write_all(noise, steady::now() + answer_time);
  }
  EXPECT_TRUE(eventually([&] {
    return seen("parley_tls_failed{kind=\"pdu\",why=\"handshake\"}") +
               seen("parley_tls_failed{kind=\"http\",why=\"handshake\"}") >=
           100;
  }));
  EXPECT_TRUE(bystander.wire().alive());
}

TEST_F(tls_node, a_long_answer_and_many_pdus_arrive_whole) {
  auto alice = secure_user("alice");
  const std::string body(200'000, 'h');
  for (std::uint16_t i = 1; i <= 20; ++i) ASSERT_TRUE(alice.wire().send(0x0701, i, body));
  for (std::uint16_t i = 1; i <= 20; ++i) {
    const auto echo = alice.wire().answer(0x0701, i);
    ASSERT_TRUE(echo);
    EXPECT_EQ(echo->body, body);
  }
  auto socket = stream_socket::tcp(node().http_port());
  ASSERT_TRUE(socket.secure(trust()));
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
  socket.write_all(requests, steady::now() + answer_time);
  std::string all;
  const auto answers = [&] {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = all.find("HTTP/1.1 200", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  const auto deadline = steady::now() + patience(answer_time);
  while (answers() < 50 && socket.read_some(all, deadline) == stream_socket::read_result::data) {
  }
  EXPECT_EQ(answers(), 50u);
}

TEST_F(tls_node, a_new_certificate_comes_with_sighup_and_sessions_stay) {
  auto alice = secure_user("alice");
  const auto old = trust();
  tls::certificate_wish longer;
  longer.last_second = 500l * 86400;
  make_certificate(longer);
  ASSERT_TRUE(hang_up("SIGHUP: applied"));
  EXPECT_TRUE(alice.wire().alive());
  auto bob = secure_user("bob");
  EXPECT_TRUE(alice.say(bob.id(), "still here").acked());
  wire_client stranger;
  EXPECT_FALSE(stranger.connect_tls(node().pdu_port(), old)) << "the old certificate is still shown";
  EXPECT_GT(seen("parley_tls_certificate_expires_seconds{listener=\"web\"}"), 490 * 86400);
}

TEST_F(tls_node, a_bad_new_certificate_is_refused_whole) {
  auto alice = secure_user("alice");
  const auto old = trust();
  const auto good_key = read_file(key());
  make_certificate();
  write_file(key(), good_key);  // of the certificate before
  ASSERT_TRUE(hang_up("does not belong to certificate"));
  EXPECT_NE(node().log().find("SIGHUP: nothing was applied"), std::string::npos);
  wire_client bob;
  EXPECT_TRUE(bob.connect_tls(node().pdu_port(), old)) << bob.socket().tls()->reason();
  EXPECT_TRUE(alice.wire().alive());
  write_file(certificate(), "no certificate");
  EXPECT_TRUE(hang_up("nothing was applied"));
  EXPECT_TRUE(alice.wire().alive());
}

TEST_F(tls_node, an_expired_certificate_is_told) {
  tls::certificate_wish old;
  old.first_second = -3000;
  old.last_second = -1000;
  make_certificate(old);
  EXPECT_EQ(certificate_state().rfind("has expired at ", 0), 0u) << certificate_state();
  EXPECT_NE(node().log().find("its certificate (CN = localhost) has expired at "), std::string::npos);
  const auto checked = run({parleyd(), "check", all_in_one_manifest()}, node().environment());
  EXPECT_EQ(checked.end.code, 0) << checked.output;
  EXPECT_NE(checked.output.find("warning: listener clients: its certificate has expired at "), std::string::npos)
      << checked.output;
}

TEST_F(tls_node, check_and_start_name_the_bad_file) {
  write_file(key(), "no key");
  temp_dir data;
  auto environment = options_.environment;
  environment["PARLEY_DATA"] = data.path().string();
  environment["PARLEY_PDU_PORT"] = environment["PARLEY_HTTP_PORT"] = "0";
  for (const std::string command : {"check", "run"}) {
    const auto got = run({parleyd(), command, all_in_one_manifest()}, environment);
    EXPECT_EQ(got.end.code, 2) << got.output;
    EXPECT_NE(got.output.find("listener clients: tls: key " + key()), std::string::npos) << got.output;
  }
}

TEST_F(tls_node, a_drain_says_goodbye) {
  auto alice = secure_user("alice");
  kill(node().pid(), SIGTERM);
  EXPECT_TRUE(alice.wire().closed_within(answer_time));
  EXPECT_EQ(SSL_get_shutdown(alice.wire().socket().tls()->raw()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
  EXPECT_EQ(node().terminate().code, 0);
  node().start();
}

TEST_F(tls_node, who_never_shakes_hands_is_closed) {
  const auto manifest = (files_.path() / "node.yaml").string();
  write_file(manifest,
             "node: {name: t, data: \"${PARLEY_DATA}\"}\nlisteners:\n"
             "  - {name: clients, kind: pdu, port: 0, heartbeat: 0x0701, tls: {certificate: \"" +
                 certificate() + "\", key: \"" + key() +
                 "\", handshake_timeout: 1s}}\n"
                 "  - {name: web, kind: http, port: 0, tls: {certificate: \"" +
                 certificate() + "\", key: \"" + key() + "\", handshake_timeout: 1s}}\n");
  options_.manifest = manifest;
  wire_client patient;
  ASSERT_TRUE(patient.connect_tls((node(), node().pdu_port()), trust()));
  wire_client silent;
  silent.connect((node(), node().pdu_port()));
  auto web = stream_socket::tcp(node().http_port());
  EXPECT_TRUE(silent.closed_within(answer_time));
  std::string none;
  EXPECT_EQ(web.read_some(none, steady::now() + patience(answer_time)), stream_socket::read_result::closed);
  EXPECT_TRUE(patient.alive()) << "its handshake has ended";
  EXPECT_EQ(seen("parley_sessions_closed{reason=\"no handshake\"}"), 1);
  EXPECT_EQ(seen("parley_tls_failed{kind=\"http\",why=\"timeout\"}"), 1);
}

TEST_F(tls_node, the_command_line_talks_tls) {
  auto bob = secure_user("bob");
  node().add_user("alice");
  const auto server = "127.0.0.1:" + std::to_string(node().pdu_port());
  const auto input = (files_.path() / "lines").string();
  write_file(input, "/to bob\nfrom the command line\n");
  const auto chat = "exec " + parley_chat() + " --server " + server + " --user alice --password alice-secret --ca " +
                    certificate() + " < " + input;
  const auto said = run({"/bin/sh", "-c", chat});
  EXPECT_EQ(said.end.code, 0) << said.output;
  EXPECT_TRUE(bob.wire().next_of(0x0301));
  const auto unbelieving = run({parley_chat(), "--server", server, "--user", "alice", "--password", "x", "--tls"});
  EXPECT_EQ(unbelieving.end.code, 3) << unbelieving.output;
  EXPECT_NE(unbelieving.output.find("self-signed"), std::string::npos) << unbelieving.output;
}

TEST(make_certificate, makes_a_pair_once) {
  temp_dir scratch;
  const auto where = (scratch.path() / "tls").string();
  const auto first = run({parleyctl(), "make-certificate", where, "--name", "chat.example", "--days", "10"});
  EXPECT_EQ(first.end.code, 0) << first.output;
  const auto loaded = tls::server_identity::load({where + "/certificate.pem", where + "/key.pem", "", "1.2", ""});
  ASSERT_TRUE(loaded) << loaded.text();
  EXPECT_EQ((*loaded)->subject(), "CN = chat.example");
  const auto again = run({parleyctl(), "make-certificate", where});
  EXPECT_EQ(again.end.code, 2);
  EXPECT_NE(again.output.find("is there already"), std::string::npos) << again.output;
}

}  // namespace
}  // namespace parley::test
