#include <algorithm>

#include "host/config/manifest_parts.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

result<std::string> parse_plugin_name(const std::string& text) {
  if (is_identifier(text)) return text;
  return error{status::malformed,
               "expected a plugin's name (a-z, 0-9 and _, beginning with a letter), found " + in_quotes(text)};
}

void read_config(reading& r, fields& entry, plugin_config& out) {
  entry.entries("config", [&](const yaml_entry& setting, const value& item) {
    config_value& added = out.config[setting.key];
    added.at = item.at();
    added.key = r.at(setting.at);
    if (item.node().type != yaml_node::kind::null && item.is_scalar()) added.text = item.node().text;
  });
}

std::vector<std::string> pool_names(const manifest& m) {
  std::vector<std::string> names = m.unread_pools;
  for (const auto& pool : m.sql) names.push_back(pool.name);
  for (const auto& pool : m.caches) names.push_back(pool.name);
  for (const auto& pool : m.workers) names.push_back(pool.name);
  return names;
}

void read_pool_map(fields& entry, const manifest& m, plugin_config& out) {
  const std::vector<std::string> known = pool_names(m);
  entry.entries("pools", [&](const yaml_entry& need, const value& item) {
    if (!item.is_scalar("the name of a pool")) return;
    const std::string& name = item.node().text;
    out.pools[need.key] = name;
    out.pool_marks[need.key] = item.at();
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      item.report("no pool is named " + in_quotes(name) + ": " + did_you_mean(name, known));
    }
  });
}

void read_grant(fields& entry, plugin_config& out) {
  const yaml_entry* grant = entry.find("may_act_for");
  if (!grant) return;
  const value who = entry.value_of(*grant);
  if (who.node().type != yaml_node::kind::scalar) {
    return who.items([&](const value& item) {
      std::uint64_t id = 0;
      if (item.read(id, [](const std::string& text) { return parse_integer(text, {1, INT64_MAX}); })) {
        out.may_act_for.push_back(id);
      }
    });
  }
  if (who.node().text == "any")
    out.may_act_for_anyone = true;
  else
    who.report("expected any or a list of user ids, found " + in_quotes(who.node().text));
}

result<std::string> parse_first_word(const std::string& text) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  if (!text.empty() && std::all_of(text.begin(), text.end(), good)) return text;
  return error{status::malformed, "expected the first word of a verb, as users, found " + in_quotes(text)};
}

void read_operate_grant(fields& entry, plugin_config& out) {
  const yaml_entry* grant = entry.find("may_operate");
  if (!grant) return;
  const value what = entry.value_of(*grant);
  if (what.node().type != yaml_node::kind::scalar) {
    return what.items([&](const value& item) {
      std::string word;
      if (item.read(word, parse_first_word)) out.may_operate.push_back(word);
    });
  }
  if (what.node().text == "all")
    out.may_operate_all = true;
  else
    what.report("expected all or a list of first words of verbs, as [users, groups], found " +
                in_quotes(what.node().text));
}

void read_plugin(reading& r, const value& item, manifest& out) {
  plugin_config added;
  added.at = item.at();
  if (item.node().type == yaml_node::kind::scalar) {
    item.read(added.name, parse_plugin_name);
  } else {
    if (!is_map(r, item.node(), item.path())) {
      out.unread_plugins = true;
      return;
    }
    fields entry(r, item.node(), item.path());
    entry.require("name", "the plugin's name");
    entry.read("name", added.name, parse_plugin_name);
    entry.text("file", added.file);
    read_config(r, entry, added);
    read_pool_map(entry, out, added);
    read_grant(entry, added);
    read_operate_grant(entry, added);
    entry.finish();
  }
  const auto same = [&](const plugin_config& other) { return !added.name.empty() && other.name == added.name; };
  const auto first = std::find_if(out.plugins.begin(), out.plugins.end(), same);
  if (first != out.plugins.end()) {
    item.report("the plugin " + in_quotes(added.name) + " stands here a second time, first in line " +
                std::to_string(first->at.line) + ": remove one");
  }
  if (added.name.empty()) out.unread_plugins = true;
  if (added.file.empty()) added.file = added.name + ".so";
  out.plugins.push_back(std::move(added));
}

}  // namespace

void read_plugins(reading& r, fields& top, manifest& out) {
  const yaml_entry* list = top.find("plugins");
  out.unread_plugins = !list || list->value.type != yaml_node::kind::sequence;
  top.items("plugins", [&](const value& item) { read_plugin(r, item, out); });
}

}  // namespace parley::host
