#include "answer.hpp"

#include <parley/json.hpp>

#include <vector>

namespace http_admin {
namespace {

void send(const parley::http_request& request, unsigned code, std::string_view json, std::string_view cookie,
          std::uint32_t retry_s, std::string_view allow) {
  using parley::bytes;
  std::vector<parley_http_header> headers{
      {bytes("Content-Type"), bytes("application/json; charset=utf-8")},
      {bytes("Cache-Control"), bytes("no-store")},
      {bytes("X-Content-Type-Options"), bytes("nosniff")},
      {bytes("Content-Security-Policy"), bytes("default-src 'none'; frame-ancestors 'none'")},
      {bytes("Referrer-Policy"), bytes("no-referrer")}};
  const auto retry = std::to_string(retry_s);
  if (retry_s > 0) headers.push_back({bytes("Retry-After"), bytes(retry)});
  if (!allow.empty()) headers.push_back({bytes("Allow"), bytes(allow)});
  if (!cookie.empty()) headers.push_back({bytes("Set-Cookie"), bytes(cookie)});
  request.respond(code, headers, json);
}

}  // namespace

refusal malformed(std::string text, std::string field) {
  return {400, "malformed", std::move(text), std::move(field)};
}

refusal refusal_of(const parley::error& failure) {
  using parley::status;
  auto text = failure.text.empty() ? std::string(parley::to_string(failure.code)) : failure.text;
  switch (failure.code) {
    case status::malformed:
    case status::data_error:
      return malformed(std::move(text));
    case status::not_allowed:
      return {403, "not_allowed", std::move(text)};
    case status::too_large:
      return {413, "too_large", std::move(text)};
    case status::too_fast:
      return {429, "too_fast", std::move(text), {}, 5};
    case status::no_target:
      return {404, "no_target", std::move(text)};
    case status::conflict:
      return {409, "conflict", std::move(text)};
    case status::refused:
      return {409, "refused", std::move(text)};
    case status::busy:
    case status::retry:
      return {503, "busy", std::move(text), {}, 1};
    case status::unavailable:
    case status::unknown_command:
      return {503, "unavailable", std::move(text), {}, 5};
    case status::cancelled:
    case status::closed:
      return {503, "cancelled", std::move(text), {}, 1};
    case status::timeout:
      return {503, "timeout", std::move(text), {}, 5};
    default:
      return {500, "fault", std::move(text)};
  }
}

std::string json_of(const refusal& why) {
  parley::json_object error;
  error.add("code", why.code).add("message", why.text);
  if (!why.field.empty()) error.add("field", why.field);
  return parley::json_object().raw("error", error.str()).str();
}

void respond(const parley::http_request& request, unsigned code, std::string_view json, std::string_view cookie) {
  send(request, code, json, cookie, 0, {});
}

void respond(const parley::http_request& request, const refusal& why, std::string_view cookie) {
  send(request, why.http, json_of(why), cookie, why.retry_s, why.allow);
}

}  // namespace http_admin
