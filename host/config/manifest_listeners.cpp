#include <arpa/inet.h>

#include "host/config/manifest_parts.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

constexpr std::int64_t hour = 3'600'000, day = 24 * hour;
constexpr std::int64_t kib = 1 << 10, mib = 1 << 20;

const std::vector<std::string> pdu_keys = {
    "advertise", "max_pdu", "max_pdu_before_login", "login_timeout",  "idle_timeout", "idle_by_tag", "heartbeat",
    "commands",  "rates",   "max_in_flight",        "high_watermark", "hard_limit"};
const std::vector<std::string> http_keys = {"max_header",
                                            "max_headers",
                                            "idle_timeout",
                                            "request_timeout",
                                            "max_uploads",
                                            "max_staged",
                                            "max_uploads_per_address",
                                            "max_staged_per_address",
                                            "min_free",
                                            "transfer_timeout",
                                            "min_transfer",
                                            "websocket"};

result<std::string> parse_address(const std::string& text) {
  unsigned char binary[16];
  if (inet_pton(AF_INET, text.c_str(), binary) == 1 || inet_pton(AF_INET6, text.c_str(), binary) == 1) return text;
  const std::string hint =
      text == "localhost" ? ": write 127.0.0.1 or ::1" : ": 0.0.0.0 is every address of this machine";
  return error{status::malformed, "expected an IPv4 or IPv6 address, found " + in_quotes(text) + hint};
}

void read_pdu(reading& r, fields& listener, listener_config& out) {
  listener.text("advertise", out.advertise);
  listener.size("max_pdu", out.max_pdu, {16, 64 * mib});
  listener.size("max_pdu_before_login", out.max_pdu_before_login, {16, 64 * mib});
  listener.duration("login_timeout", out.login_timeout, {1, hour});
  listener.duration("idle_timeout", out.idle_timeout, {1, 7 * day});
  listener.items("idle_by_tag", [&](const value& item) { read_idle_rule(r, item, out); });
  listener.command("heartbeat", out.heartbeat);
  listener.items("commands", [&](const value& item) { read_served_range(item, out); });
  listener.items("rates", [&](const value& item) { read_rate(r, item, out); });
  listener.number("max_in_flight", out.max_in_flight, {1, 100'000});
  listener.size("high_watermark", out.high_watermark, {kib, 1024 * mib});
  listener.size("hard_limit", out.hard_limit, {kib, 4096 * mib});
  if (out.hard_limit <= out.high_watermark) {
    listener.report_at("hard_limit", "must be larger than high_watermark (" + std::to_string(out.high_watermark) +
                                         " bytes): between the two a slow client is only not read");
  }
}

result<std::string> parse_websocket_path(const std::string& text) {
  const bool plain = text.find_first_of("?# ") == std::string::npos && (text.empty() || text[0] == '/');
  if (plain) return text;
  return error{status::malformed, "expected a path as /ws, found " + in_quotes(text)};
}

result<std::string> parse_origin(const std::string& text) {
  const auto scheme = text.find("://");
  const bool whole = scheme != std::string::npos && scheme > 0 && scheme + 3 < text.size() &&
                     text.find('/', scheme + 3) == std::string::npos;
  if (whole || text == "*") return text;
  return error{status::malformed, "expected an origin as https://chat.example.org, or *, found " + in_quotes(text)};
}

void read_websocket(reading& r, fields& listener, websocket_config& out) {
  const yaml_entry* entry = listener.find("websocket");
  if (!entry) return;
  const auto section = listener.value_of(*entry);
  if (!is_map(r, section.node(), section.path())) return;
  fields websocket(r, section.node(), section.path());
  out.at = websocket.at();
  websocket.require("path", "a path as /ws");
  websocket.read("path", out.path, parse_websocket_path);
  websocket.require("listener", "a listener of kind pdu, whose limits hold");
  websocket.text("listener", out.listener);
  websocket.items("origins", [&](const value& item) {
    std::string origin;
    if (item.read(origin, parse_origin)) out.origins.push_back(origin);
  });
  websocket.finish();
}

void check_websockets(reading& r, const manifest& read) {
  std::vector<std::string> names;
  for (const auto& l : read.listeners) {
    if (l.kind == listener_kind::pdu) names.push_back(l.name);
  }
  for (const auto& l : read.listeners) {
    if (!l.websocket.on() || l.websocket.listener.empty() || contains(names, l.websocket.listener)) continue;
    r.errors.push_back({l.websocket.at, "listener " + l.name + ": websocket: no listener of kind pdu is named " +
                                            in_quotes(l.websocket.listener) + ": " +
                                            did_you_mean(l.websocket.listener, names)});
  }
}

void read_http(reading& r, fields& listener, listener_config& out) {
  listener.size("max_header", out.max_header, {kib, mib});
  listener.number("max_headers", out.max_headers, {1, 1000});
  listener.duration("idle_timeout", out.http_idle_timeout, {1, day});
  listener.duration("request_timeout", out.http_request_timeout, {1, day});
  listener.number("max_uploads", out.max_uploads, {1, 100'000});
  listener.size("max_staged", out.max_staged, {kib, 1024 * 1024 * mib});
  listener.number("max_uploads_per_address", out.max_uploads_per_address, {0, 100'000});
  listener.size("max_staged_per_address", out.max_staged_per_address, {0, 1024 * 1024 * mib});
  listener.size("min_free", out.min_free, {0, 1024 * 1024 * mib});
  listener.duration("transfer_timeout", out.transfer_timeout, {1, day});
  listener.size("min_transfer", out.min_transfer, {1, mib});
  read_websocket(r, listener, out.websocket);
}

void read_tls(reading& r, fields& listener, tls_config& out) {
  const yaml_entry* entry = listener.find("tls");
  if (!entry) return;
  const auto section = listener.value_of(*entry);
  if (!is_map(r, section.node(), section.path())) return;
  fields tls(r, section.node(), section.path());
  out.at = tls.at();
  tls.require("certificate", "a PEM file");
  tls.require("key", "a PEM file");
  tls.text("certificate", out.certificate);
  tls.text("key", out.key);
  tls.text("client_ca", out.client_ca);
  tls.choice("minimum", out.minimum, {"1.2", "1.3"});
  tls.duration("handshake_timeout", out.handshake_timeout, {1, hour});
  if (out.certificate.empty() != out.key.empty()) {
    tls.report_at(out.key.empty() ? "key" : "certificate",
                  "a certificate and its key belong together: give both, or neither for no TLS");
  }
  tls.finish();
}

bool same_endpoint(const listener_config& a, const listener_config& b) {
  return a.port != 0 && a.port == b.port && a.bind == b.bind;
}

void check_unique(fields& listener, const listener_config& added, const std::vector<listener_config>& before) {
  for (const listener_config& other : before) {
    const std::string where = " in line " + std::to_string(other.at.line);
    if (!added.name.empty() && other.name == added.name) {
      listener.report("a second listener named " + in_quotes(added.name) + ", the first stands" + where +
                      ": rename one");
    }
    if (same_endpoint(added, other)) {
      listener.report("binds " + added.bind + ":" + std::to_string(added.port) + " like the listener" + where +
                      ": give it another port");
    }
  }
}

void read_listener(reading& r, const value& item, manifest& out) {
  if (!is_map(r, item.node(), item.path())) return;
  fields listener(r, item.node(), item.path());
  listener_config added;
  added.at = listener.at();
  listener.require("name", "a name for logs and metrics");
  listener.read("name", added.name, parse_label);
  listener.require("port", "a port from 0 to 65535, 0 for any free one");
  listener.number("port", added.port, {0, 65535});
  listener.read("bind", added.bind, parse_address);
  listener.number("backlog", added.backlog, {1, 65535});
  listener.number("max_connections", added.max_connections, {1, 10'000'000});
  listener.number("max_connections_per_address", added.max_connections_per_address, {0, 10'000'000});

  read_tls(r, listener, added.tls);

  std::string kind;
  listener.require("kind", "pdu, http or link");
  listener.choice("kind", kind, {"pdu", "http", "link"});
  if (kind == "link") {
    added.kind = listener_kind::link;
    if (added.tls.on()) listener.report_at("tls", "links know no TLS: remove it, and give them a network of their own");
    listener.text("advertise", added.advertise);
    listener.foreign(pdu_keys, "listeners of kind pdu");
    listener.foreign(http_keys, "listeners of kind http");
  } else if (kind == "http") {
    added.kind = listener_kind::http;
    read_http(r, listener, added);
    listener.foreign(pdu_keys, "listeners of kind pdu");
  } else {
    read_pdu(r, listener, added);
    if (kind == "pdu")
      listener.foreign(http_keys, "listeners of kind http");
    else
      for (const std::string& key : http_keys) listener.find(key);
  }
  listener.finish();
  check_unique(listener, added, out.listeners);
  out.listeners.push_back(std::move(added));
}

}  // namespace

void read_listeners(reading& r, fields& top, manifest& out) {
  top.items("listeners", [&](const value& item) { read_listener(r, item, out); });
  check_websockets(r, out);
}

}  // namespace parley::host
