#include "reply.hpp"

#include <algorithm>
#include <parley/json.hpp>

namespace msfs {

unsigned status_of(fault why) {
  if (why == fault::not_allowed) return 403;
  return why == fault::unavailable ? 503 : 200;
}

std::string refusal(fault why, std::string_view sentence) {
  const auto code = std::to_string(static_cast<unsigned>(why));
  if (why == fault::too_large) return R"({"error_code":1,"error_msg": "上传文件过大","url":""})";
  const auto text = why <= fault::long_name ? std::string(R"("格式错误")") : parley::json_text(sentence);
  return "{\"error_code\":" + code + ",\"error_msg\": " + text + R"(,"path":"","url":""})";
}

std::string success(std::string_view base, std::string_view path) {
  std::string out = R"({"error_code":0,"error_msg": "成功","path":")";
  out.append(path).append(R"(","url":")").append(base).append("/").append(path).append("\"}");
  return out;
}

std::string base_of_host(std::string_view host, bool tls) {
  const bool plausible = !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  });
  return plausible ? (tls ? "https://" : "http://") + std::string(host) : std::string();
}

}  // namespace msfs
