#include "record.hpp"

#include <parley/state_bytes.hpp>

#include <nlohmann/json.hpp>

namespace push {

using parley::put;
using parley::put_text;

std::string to_json(std::span<const record> records) {
  using json = nlohmann::ordered_json;
  constexpr std::uint32_t ios = 0x11, android = 0x12;
  json list = json::array();
  for (const auto& one : records) {
    json message{{"kind", one.group ? "group" : "single"}, {"from_id", one.from}};
    if (one.group) message["group_id"] = one.target;
    message["msg_id"] = one.msg_id;
    message["msg_type"] = one.msg_type;
    message["created"] = one.created;
    list.push_back({{"id", one.id},
                    {"user_id", one.user},
                    {"token", one.token},
                    {"platform", one.client_type == ios       ? "ios"
                                 : one.client_type == android ? "android"
                                                              : "other"},
                    {"client_type", one.client_type},
                    {"msg", std::move(message)},
                    {"alert", one.alert},
                    {"silent", one.silent}});
    if (one.badge) list.back()["badge"] = *one.badge;
  }
  // Clients may have encrypted what is no UTF-8.
  return json{{"records", std::move(list)}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<std::string> gone_tokens(std::string_view answer) {
  std::vector<std::string> out;
  const auto parsed = nlohmann::json::parse(answer, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("gone") || !parsed["gone"].is_array()) return out;
  for (const auto& token : parsed["gone"]) {
    if (token.is_string()) out.push_back(token.get<std::string>());
  }
  return out;
}

void put(std::string& out, const message_news& news) {
  for (const auto number : {static_cast<std::uint32_t>(news.group), news.from, news.target, news.msg_id, news.msg_type,
                            news.created, news.after, news.made}) {
    put(out, number);
  }
  put(out, static_cast<std::uint8_t>(news.content.what));
  put_text(out, news.content.text);
}

std::size_t size_of(const message_news& news) {
  return 9 * sizeof(std::uint32_t) + 1 + news.content.text.size();
}

std::size_t size_of(const record& one) {
  return 15 * sizeof(std::uint32_t) + one.id.size() + one.token.size() + one.alert.size();
}

message_news get_news(parley::state_reader& in, std::uint32_t version) {
  message_news news;
  news.group = in.get<std::uint32_t>() != 0;
  for (auto* number : {&news.from, &news.target, &news.msg_id, &news.msg_type, &news.created}) {
    *number = in.get<std::uint32_t>();
  }
  if (version >= 2) {
    for (auto* number : {&news.after, &news.made}) *number = in.get<std::uint32_t>();
  }
  news.content.what = static_cast<substance::kind>(std::min<std::uint8_t>(in.get<std::uint8_t>(), 2));
  news.content.text = in.text();
  return news;
}

void put(std::string& out, const record& one) {
  for (const auto number :
       {one.user, one.client_type, static_cast<std::uint32_t>(one.silent), static_cast<std::uint32_t>(one.group),
        one.from, one.target, one.msg_id, one.msg_type, one.created, static_cast<std::uint32_t>(one.shielded),
        static_cast<std::uint32_t>(one.badge.has_value()), one.badge.value_or(0)}) {
    put(out, number);
  }
  for (const auto* text : {&one.id, &one.token, &one.alert}) put_text(out, *text);
}

record get_record(parley::state_reader& in, std::uint32_t version) {
  record one;
  for (auto* number : {&one.user, &one.client_type}) *number = in.get<std::uint32_t>();
  one.silent = in.get<std::uint32_t>() != 0;
  one.group = in.get<std::uint32_t>() != 0;
  for (auto* number : {&one.from, &one.target, &one.msg_id, &one.msg_type, &one.created}) {
    *number = in.get<std::uint32_t>();
  }
  if (version >= 2) one.shielded = in.get<std::uint32_t>() != 0;
  if (version >= 3) {
    const bool known = in.get<std::uint32_t>() != 0;
    const auto badge = in.get<std::uint32_t>();
    if (known) one.badge = badge;
  }
  for (auto* text : {&one.id, &one.token, &one.alert}) *text = in.text();
  return one;
}

}  // namespace push
