// A listener's `tls:` and `websocket:`.
#include <gtest/gtest.h>

#include <algorithm>

#include "host/config/manifest.hpp"

namespace parley::host {
namespace {

struct read_manifest {
  manifest m;
  std::vector<std::string> errors;
};

read_manifest read(const std::string& listeners) {
  read_manifest out;
  std::vector<diagnostic> errors;
  out.m = parse_manifest("listeners:\n" + listeners, "m.yaml", errors);
  for (const diagnostic& e : errors) {
    // What else a manifest needs is not asked here.
    if (e.text.find("listeners[") != std::string::npos || e.text.find("listener ") == 0)
      out.errors.push_back(e.to_string());
  }
  return out;
}

constexpr const char* clients = "  - {name: clients, kind: pdu, port: 1}\n";

TEST(listener_tls, is_read_and_has_defaults) {
  const auto got = read(
      "  - {name: a, kind: pdu, port: 1, tls: {certificate: c.pem, key: k.pem}}\n"
      "  - {name: b, kind: http, port: 2, tls: {certificate: c, key: k, client_ca: ca, minimum: 1.3,"
      " handshake_timeout: 3s}}\n");
  EXPECT_TRUE(got.errors.empty()) << got.errors.front();
  const auto& a = got.m.listeners.at(0).tls;
  EXPECT_TRUE(a.on());
  EXPECT_EQ(a.certificate, "c.pem");
  EXPECT_EQ(a.minimum, "1.2");
  EXPECT_EQ(a.handshake_timeout, milliseconds(10000));
  const auto& b = got.m.listeners.at(1).tls;
  EXPECT_EQ(b.client_ca, "ca");
  EXPECT_EQ(b.minimum, "1.3");
  EXPECT_EQ(b.handshake_timeout, milliseconds(3000));
}

TEST(listener_tls, is_off_when_both_files_are_empty) {
  const auto got = read("  - {name: a, kind: pdu, port: 1, tls: {certificate: \"\", key: \"\"}}\n");
  EXPECT_TRUE(got.errors.empty()) << got.errors.front();
  EXPECT_FALSE(got.m.listeners.at(0).tls.on());
}

TEST(listener_tls, faults_are_told_where_they_stand) {
  const auto got = read(
      "  - {name: a, kind: pdu, port: 1, tls: {certificate: c, key: \"\"}}\n"
      "  - {name: b, kind: pdu, port: 2, tls: {certificate: c, key: k, minimum: 1.1}}\n"
      "  - {name: c, kind: pdu, port: 3, tls: {certificate: c}}\n"
      "  - {name: d, kind: pdu, port: 4, tls: {certificate: c, key: k, ciphers: all}}\n"
      "  - {name: e, kind: pdu, port: 5, tls: on}\n");
  ASSERT_GE(got.errors.size(), 5u);
  for (const auto* line : {"m.yaml:2:", "m.yaml:3:", "m.yaml:4:", "m.yaml:5:", "m.yaml:6:"}) {
    EXPECT_TRUE(std::any_of(got.errors.begin(), got.errors.end(), [&](const auto& e) { return e.rfind(line, 0) == 0; }))
        << line;
  }
}

TEST(listener_websocket, is_read) {
  const auto got = read(std::string("  - {name: web, kind: http, port: 2, websocket: {path: /ws, listener: clients, "
                                    "origins: [\"https://a.example\", \"*\"]}}\n") +
                        clients);
  EXPECT_TRUE(got.errors.empty()) << got.errors.front();
  const auto& w = got.m.listeners.at(0).websocket;
  EXPECT_TRUE(w.on());
  EXPECT_EQ(w.path, "/ws");
  EXPECT_EQ(w.listener, "clients");
  EXPECT_EQ(w.origins, (std::vector<std::string>{"https://a.example", "*"}));
}

TEST(listener_websocket, faults_are_told) {
  const auto one = [](const std::string& section) {
    const auto got = read(clients + ("  - {name: web, kind: http, port: 2, websocket: " + section + "}\n"));
    return got.errors.size() == 1 ? got.errors.front() : std::to_string(got.errors.size()) + " errors";
  };
  EXPECT_NE(one("{path: ws, listener: clients}").find("expected a path as /ws"), std::string::npos);
  EXPECT_NE(one("{path: \"/ws?x\", listener: clients}").find("expected a path as /ws"), std::string::npos);
  EXPECT_NE(one("{path: /ws, listener: client}").find("did you mean \"clients\""), std::string::npos);
  EXPECT_NE(one("{path: /ws, listener: web}").find("no listener of kind pdu is named \"web\""), std::string::npos);
  EXPECT_NE(one("{path: /ws, listener: clients, origins: [chat.example]}").find("expected an origin"),
            std::string::npos);
  EXPECT_NE(one("{path: /ws, listener: clients, origins: [\"https://a/b\"]}").find("expected an origin"),
            std::string::npos);
  const auto pdu = read("  - {name: a, kind: pdu, port: 1, websocket: {path: /ws, listener: a}}\n");
  ASSERT_EQ(pdu.errors.size(), 1u);
  EXPECT_NE(pdu.errors[0].find("belongs to listeners of kind http"), std::string::npos);
}

}  // namespace
}  // namespace parley::host
