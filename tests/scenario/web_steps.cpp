// The sentences about HTTP.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenario/steps.hpp"
#include "scenario/values.hpp"
#include "support/http_client.hpp"
#include "support/multipart.hpp"

namespace parley::scenario {
namespace {

/// As it is, where a field of text was remembered.
std::string value_of(const utterance& u, const std::string& name) {
  auto value = u.in.resolve('$', name);
  return value.starts_with('"') ? unquote(value) : value;
}

/// With its $names; JSON has quotes of its own, so these count everywhere.
std::string with_names(const utterance& u, const std::string& quoted) {
  auto text = unquote(quoted);
  for (auto at = text.find('$'); at != std::string::npos; at = text.find('$', at)) {
    const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at) + 1, text.end(),
                                      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
    const auto length = static_cast<std::size_t>(end - text.begin()) - at;
    const auto value = value_of(u, text.substr(at + 1, length - 1));
    text.replace(at, length, value);
    at += value.size();
  }
  return text;
}

void ask(const utterance& u, const std::string& head, const std::string& body) {
  u.in.web() = test::http_raw(u.in.server().http_port(),
                              head + "\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
                                  std::to_string(body.size()) + "\r\n\r\n" + body,
                              std::chrono::seconds(30));
}

void upload(const utterance& u) {
  std::string content;
  if (!u.word(3).empty()) content = unquote(u.word(3));
  if (!u.word(4).empty()) content.assign(std::stoul(u.word(4)), 'x');
  const auto token = u.word(5).empty() ? "" : "\r\nX-Parley-Upload-Token: " + value_of(u, u.word(5));
  ask(u, "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=" + std::string(test::form_boundary) + token,
      test::form_with(unquote(u.word(2)), content));
}

void post(const utterance& u) {
  ask(u, "POST " + with_names(u, u.word(4)) + " HTTP/1.1\r\nContent-Type: " + unquote(u.word(3)), unquote(u.word(2)));
}

void get(const utterance& u) {
  ask(u, "GET " + with_names(u, u.word(2)) + " HTTP/1.1", "");
}

void send_method(const utterance& u) {
  ask(u, u.word(2) + " " + with_names(u, u.word(3)) + " HTTP/1.1", "");
}

void be_answered(const utterance& u) {
  const auto& got = u.in.web();
  if (std::to_string(got.status) != u.word(1)) {
    throw test::failure("the web answered " + std::to_string(got.status) + " " + got.body.substr(0, 200));
  }
  const auto wanted = u.word(3).empty() ? "" : with_names(u, u.word(3));
  const bool right = u.word(2) == "with"         ? got.body == wanted
                     : u.word(2) == "containing" ? got.body.find(wanted) != std::string::npos
                     : u.word(2) == "as"         ? got.head.find("\r\nContent-Type: " + wanted) != std::string::npos
                     : u.word(2) == "allowing"   ? got.head.find("\r\nAllow: " + wanted) != std::string::npos
                                                 : true;
  if (!right) throw test::failure("the web answered " + literal(got.head + "\r\n\r\n" + got.body.substr(0, 1000)));
}

void remember_path(const utterance& u) {
  const auto told = test::json::parse(u.in.web().body, nullptr, false);
  if (!told.is_object() || told.value("error_code", -1) != 0 || told.value("path", "").empty()) {
    throw test::failure("no upload was taken: " + u.in.web().body);
  }
  u.in.remember(u.word(1), told.at("path"));
}

// clang-format off
const row told_by_the_web[] = {
    {"alice uploads \"a.png\" holding \"bytes\" with token $token", R"(WHO uploads TEXT (?:holding TEXT|of (\d+) bytes)(?: with token \$(\w+))?)", 0, upload},
    {"alice posts \"body\" as \"multipart/form-data; boundary=B\" to \"/upload/\"", "WHO posts TEXT as TEXT to TEXT", 0, post},
    {"alice gets \"/$path\"",                                         "WHO gets TEXT",                                  0, get},
    {"alice sends HEAD to \"/$path\"",                                R"(WHO sends ([A-Z]+) to TEXT)",                  0, send_method},
    {"the web answers 200 with \"body\"",                             R"(the web answers (\d+)(?: (with|containing|as|allowing) TEXT)?)", 0, be_answered},
    {"the upload's path is $path",                                    R"(the upload's path is \$(\w+))",                0, remember_path},
};
// clang-format on

}  // namespace

std::span<const row> web_rows() {
  return told_by_the_web;
}

}  // namespace parley::scenario
