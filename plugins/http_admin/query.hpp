// A request to /query/ as TeamTalk's http_msg_server takes it, and what it is answered with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace http_admin {

/// error_code, as TeamTalk numbers them.
enum class query_code : int {
  ok = 0,
  bad_parameter = 1,
  no_such_key = 2,
  other_user = 3,
  not_authorized = 5,
  address_refused = 6,
  server_error = 10,
  create_failed = 11,
  change_failed = 12,
};

std::string_view text_of(query_code code);

/// What one of the two calls asks for.
struct query {
  query_code fault = query_code::ok;  // else nothing else is set
  std::uint32_t user = 0;             // req_user_id
  std::string app_key;
  std::vector<std::uint32_t> users;
  // CreateGroup
  std::string name;
  std::string avatar;
  std::uint32_t type = 0;  // 1 normal, 2 temporary
  // ChangeMembers
  std::uint32_t group = 0;
  std::uint32_t change = 0;  // 1 add, 2 remove
};

/// Every key is required. A body that is no JSON object is a bad parameter. [any]
query parse_create_group(std::string_view json);
query parse_change_members(std::string_view json);

/// The answer's body. Group ids are told of CreateGroup alone: 0 on failure.
std::string answer_text(query_code code);
std::string answer_text(query_code code, std::uint32_t group);

}  // namespace http_admin
