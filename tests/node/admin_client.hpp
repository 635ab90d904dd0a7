// /api/v1 as a page or a program uses it.
#pragma once

#include <map>
#include <string>

#include "support/control_client.hpp"
#include "support/http_client.hpp"

namespace parley::test {

struct api_answer {
  int status = 0;
  std::string head;
  std::string text;
  json body;  ///< discarded when it is no JSON

  std::string code() const { return body.is_object() && body.contains("error") ? body["error"]["code"] : ""; }
  bool has_header(const std::string& line) const { return head.find("\r\n" + line) != std::string::npos; }
};

/// A browser's page, unless it signs in with bearer.
class admin_client {
 public:
  using headers = std::map<std::string, std::string>;

  explicit admin_client(std::uint16_t port) : port_(port) {}

  api_answer sign_in(const std::string& name, const std::string& password, bool bearer = false) {
    json body{{"name", name}, {"password", password}};
    if (bearer) body["bearer"] = true;
    auto got = send("POST", "/login", body.dump(), {{"Content-Type", "application/json"}});
    if (got.status != 200) return got;
    csrf = got.body.at("csrf");
    if (bearer) {
      authorization = "Bearer " + got.body.at("token").get<std::string>();
    } else {
      const auto begin = got.head.find("parley_admin=");
      cookie = got.head.substr(begin, got.head.find(';', begin) - begin);
    }
    return got;
  }

  /// With what the sign-in needs.
  api_answer call(const std::string& method, const std::string& path, const json& body = nullptr,
                  headers more = {}) const {
    if (!body.is_null()) more.try_emplace("Content-Type", "application/json");
    if (!csrf.empty() && authorization.empty()) more.try_emplace("X-Parley-CSRF", csrf);
    return send(method, path, body.is_null() ? "" : body.dump(), more);
  }
  api_answer get(const std::string& path) const { return call("GET", path); }

  /// As it is said, with the cookie or the token.
  api_answer send(const std::string& method, const std::string& path, const std::string& body, headers all = {}) const {
    if (!cookie.empty()) all.try_emplace("Cookie", cookie);
    if (!authorization.empty()) all.try_emplace("Authorization", authorization);
    std::string request = method + " /api/v1" + path + " HTTP/1.1\r\nHost: chat.example\r\nConnection: close\r\n";
    for (const auto& [name, value] : all) request += name + ": " + value + "\r\n";
    if (!body.empty() || method != "GET") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    const auto got = http_raw(port_, request + "\r\n" + body, milliseconds(20000));
    return {got.status, got.head, got.body, json::parse(got.body, nullptr, false)};
  }

  std::string cookie, csrf, authorization;

 private:
  std::uint16_t port_;
};

}  // namespace parley::test
