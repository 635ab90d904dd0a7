#include "stats.hpp"

#include <nlohmann/json.hpp>

namespace http_admin {

std::string with_acks(std::string_view stats) {
  auto all = nlohmann::ordered_json::parse(stats, nullptr, false);
  if (!all.is_object()) return std::string(stats);
  all["acks"] = 0;
  all["ack_p50_us"] = 0;
  all["ack_p99_us"] = 0;
  for (const auto& pool : all.value("pools", nlohmann::ordered_json::array())) {
    if (pool.value("kind", "") == "lane" && pool.value("name", "") == "message.commit")
      all["acks"] = pool.value("done", 0u);
  }
  for (const auto& plugin : all.value("plugins", nlohmann::ordered_json::array())) {
    if (plugin.value("name", "") != "message") continue;
    all["ack_p50_us"] = plugin.value("p50_us", 0u);
    all["ack_p99_us"] = plugin.value("p99_us", 0u);
  }
  return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace http_admin
