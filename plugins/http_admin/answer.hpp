// Answers of /api/v1: JSON that nobody caches.
#pragma once

#include <parley/http.hpp>

#include <string>
#include <string_view>

namespace http_admin {

/// Why a call is not served. Its text is the caller's: what is wrong and how to mend it.
struct refusal {
  unsigned http = 0;  // 0: none
  std::string code;
  std::string text;
  std::string field{};          // the argument at fault, if it is one's
  std::uint32_t retry_s = 0;    // when to try again; 0: not told
  std::string_view allow = {};  // methods, with 405

  explicit operator bool() const { return http != 0; }
};

refusal malformed(std::string text, std::string field = {});
/// Of a verb or a pool.
refusal refusal_of(const parley::error& failure);

std::string json_of(const refusal& why);

/// `cookie`: a whole Set-Cookie, or empty.
void respond(const parley::http_request& request, unsigned code, std::string_view json, std::string_view cookie = {});
void respond(const parley::http_request& request, const refusal& why, std::string_view cookie = {});

}  // namespace http_admin
