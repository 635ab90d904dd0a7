#include "query.hpp"

#include <parley/json.hpp>

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace http_admin {
namespace {

using nlohmann::json;

std::optional<std::uint32_t> unsigned_of(const json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  const auto found = value.get<std::uint64_t>();
  if (found > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(found);
}

/// Takes what both calls have; false with out.fault set.
bool take_common(const json& body, query& out) {
  const auto fail = [&](query_code code) {
    out = {};
    out.fault = code;
    return false;
  };
  if (!body.is_object()) return fail(query_code::bad_parameter);
  for (const char* key : {"req_user_id", "app_key", "user_id_list"}) {
    if (!body.contains(key)) return fail(query_code::bad_parameter);
  }
  const auto user = unsigned_of(body["req_user_id"]);
  if (!user || !body["app_key"].is_string()) return fail(query_code::not_authorized);
  out.user = *user;
  out.app_key = body["app_key"].get<std::string>();
  if (!body["user_id_list"].is_array()) return fail(query_code::bad_parameter);
  for (const auto& each : body["user_id_list"]) {
    const auto id = unsigned_of(each);
    if (!id || *id == 0) return fail(query_code::bad_parameter);
    out.users.push_back(*id);
  }
  return true;
}

bool take_number(const json& body, const char* key, std::uint32_t& into) {
  const auto found = body.contains(key) ? unsigned_of(body[key]) : std::nullopt;
  into = found.value_or(0);
  return found.has_value();
}

bool take_text(const json& body, const char* key, std::string& into) {
  if (!body.contains(key) || !body[key].is_string()) return false;
  into = body[key].get<std::string>();
  return true;
}

query checked(query out, bool good) {
  if (out.fault != query_code::ok || good) return out;
  query bad;
  bad.fault = query_code::bad_parameter;
  return bad;
}

json json_of(std::string_view text) {
  return json::parse(text, nullptr, false);
}

}  // namespace

std::string_view text_of(query_code code) {
  switch (code) {
    case query_code::ok:
      return "成功";
    case query_code::bad_parameter:
      return "参数错误";
    case query_code::no_such_key:
      return "appKey不存在";
    case query_code::other_user:
      return "appKey与用户不匹配";
    case query_code::not_authorized:
      return "未授权的接口";
    case query_code::address_refused:
      return "未授权的IP";
    case query_code::server_error:
      return "服务器异常";
    case query_code::create_failed:
      return "创建群失败";
    case query_code::change_failed:
      return "更改群成员失败";
  }
  return "";
}

query parse_create_group(std::string_view text) {
  const auto body = json_of(text);
  query out;
  if (!take_common(body, out)) return out;
  const bool good = take_text(body, "group_name", out.name) && take_text(body, "group_avatar", out.avatar) &&
                    take_number(body, "group_type", out.type) && (out.type == 1 || out.type == 2);
  return checked(std::move(out), good);
}

query parse_change_members(std::string_view text) {
  const auto body = json_of(text);
  query out;
  if (!take_common(body, out)) return out;
  const bool good = take_number(body, "group_id", out.group) && take_number(body, "modify_type", out.change) &&
                    (out.change == 1 || out.change == 2);
  return checked(std::move(out), good);
}

std::string answer_text(query_code code) {
  return parley::json_object().add("error_code", static_cast<int>(code)).add("error_msg", text_of(code)).str();
}

std::string answer_text(query_code code, std::uint32_t group) {
  return parley::json_object()
      .add("error_code", static_cast<int>(code))
      .add("error_msg", text_of(code))
      .add("group_id", group)
      .str();
}

}  // namespace http_admin
