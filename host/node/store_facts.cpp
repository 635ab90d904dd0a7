#include "host/node/store_facts.hpp"

#include <filesystem>
#include <set>

#include "host/pool/sql_url.hpp"

namespace parley::host {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

std::string absolute(const std::string& path) {
  std::error_code failed;
  return fs::absolute(path, failed).lexically_normal().string();
}

json databases(const manifest& config) {
  json out = json::array();
  std::set<std::string> seen;
  for (const sql_pool_config& pool : config.sql) {
    const auto url = parse_sql_url(pool.url);
    if (!url) continue;  // then there is no such pool
    const bool sqlite = url->kind == sql_kind::sqlite;
    const auto what = sqlite ? absolute(url->path) : url->redacted();
    if (!seen.insert(what).second) continue;
    out.push_back({{"pool", pool.name}, {"kind", sqlite ? "sqlite" : "mysql"}, {sqlite ? "path" : "url", what}});
  }
  return out;
}

json trees(const manifest& config) {
  json out = json::array();
  for (const plugin_config& plugin : config.plugins) {
    out.push_back(
        {{"plugin", plugin.name}, {"path", absolute(config.data + "/plugins/" + plugin.name)}, {"own", true}});
    const auto elsewhere = plugin.config.find("directory");
    if (elsewhere == plugin.config.end() || elsewhere->second.text.empty()) continue;
    out.push_back({{"plugin", plugin.name}, {"path", absolute(elsewhere->second.text)}, {"own", false}});
  }
  return out;
}

}  // namespace

json store_facts(const manifest& config) {
  return {{"node", config.name},
          {"version", PARLEY_VERSION},
          {"data", absolute(config.data)},
          {"databases", databases(config)},
          {"trees", trees(config)}};
}

}  // namespace parley::host
