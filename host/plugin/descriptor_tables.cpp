#include <algorithm>

#include "host/config/words.hpp"
#include "host/plugin/descriptor_reader.hpp"

namespace parley::host {

namespace {

bool is_method(std::string_view text) {
  if (text == "*") return true;
  return !text.empty() && text.size() <= 16 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_path(std::string_view text) {
  return text.starts_with('/') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '?' && c != '#'; });
}

/// Words of a-z, 0-9, - and _ with single spaces between them: "users add".
bool is_verb(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ' ';
  };
  return !text.empty() && text.size() <= 64 && text.front() != ' ' && text.back() != ' ' &&
         text.find("  ") == std::string_view::npos && std::all_of(text.begin(), text.end(), allowed);
}

bool is_argument(std::string_view text) {
  return is_verb(text) && text.find(' ') == std::string_view::npos;
}

/// "parley.session/1", "com.vendor.x/1"
bool is_interface(std::string_view text) {
  const auto allowed = [](char c) { return c > ' ' && c <= '~'; };
  return text.size() <= 128 && text.find('/') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), allowed);
}

bool is_pool_kind(std::string_view text) {
  return text == "sql" || text == "cache" || text == "workers";
}

std::vector<std::string> split_choices(const std::string& text) {
  std::vector<std::string> choices;
  std::size_t begin = 0;
  while (!text.empty() && begin <= text.size()) {
    const std::size_t end = std::min(text.find('|', begin), text.size());
    choices.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return choices;
}

}  // namespace

void descriptor_reader::read_routes(const parley_plugin_descriptor& d, plugin_info& out) {
  std::vector<std::string> seen;
  each<parley_route>(d.routes, "routes", [&](const parley_route& r, const std::string& place) {
    plugin_info::route route{name(r.method, place, "method", is_method, "GET, POST ... or *"),
                             name(r.path, place, "path", is_path, "a path that begins with /"), r.match, r.max_body};
    expect(r.match <= PARLEY_ROUTE_PREFIX, place, "match " + std::to_string(r.match) + " is not known");
    expect(r.flags <= PARLEY_ROUTE_STAGED, place, "flags " + std::to_string(r.flags) + " are not known");
    expect(r.handle, place, "handle is missing");
    once(seen, route.method + " " + route.path + (r.match == PARLEY_ROUTE_PREFIX ? "..." : ""), place);
    out.routes.push_back(std::move(route));
  });
}

void descriptor_reader::read_verbs(const parley_plugin_descriptor& d, plugin_info& out) {
  std::vector<std::string> seen;
  each<parley_verb>(d.verbs, "verbs", [&](const parley_verb& v, const std::string& place) {
    plugin_info::verb verb{
        name(v.name, place, "name", is_verb, "lower-case words such as users add"), text(v.help, place, "help"), {}};
    expect(v.handle, place, "handle is missing");
    once(seen, verb.name, place);
    std::vector<std::string> arguments;
    each<parley_verb_arg>(v.args, (place + ".args").c_str(), [&](const parley_verb_arg& a, const std::string& at) {
      expect(a.kind <= PARLEY_ARG_FILE, at, "kind " + std::to_string(a.kind) + " is not known");
      verb.args.push_back({name(a.name, at, "name", is_argument, "a lower-case word"), a.kind, a.required != 0,
                           text(a.help, at, "help")});
      once(arguments, verb.args.back().name, at);
    });
    out.verbs.push_back(std::move(verb));
  });
}

void descriptor_reader::read_storage(const parley_plugin_descriptor& d, plugin_info& out) {
  each<parley_migration>(d.migrations, "migrations", [&](const parley_migration& m, const std::string& place) {
    out.migrations.push_back({m.number, text(m.name, place, "name"), identifier(m.pool, place, "pool"),
                              text(m.statements, place, "statements", descriptor_limits::statements)});
    expect(!out.migrations.back().statements.empty(), place, "statements is empty");
  });
  std::vector<std::string> pools, lanes;
  each<parley_pool_need>(d.pools, "pools", [&](const parley_pool_need& p, const std::string& place) {
    out.pools.push_back(
        {identifier(p.name, place, "name"), name(p.kind, place, "kind", is_pool_kind, "sql, cache or workers")});
    once(pools, out.pools.back().name, place);
  });
  each<parley_interface_need>(
      d.interfaces, "interfaces", [&](const parley_interface_need& i, const std::string& place) {
        out.interfaces.push_back(name(i.id, place, "id", is_interface, "an id such as parley.session/1"));
      });
  each<parley_lane>(d.lanes, "lanes", [&](const parley_lane& l, const std::string& place) {
    out.lanes.push_back(
        {identifier(l.name, place, "name"), identifier(l.pool, place, "pool"), l.max_batch, l.max_queue});
    expect(l.max_batch > 0 && l.max_queue > 0, place, "max_batch and max_queue begin at 1");
    expect(l.batch, place, "batch is missing");
    once(lanes, out.lanes.back().name, place);
  });
}

void descriptor_reader::read_config(const parley_plugin_descriptor& d, plugin_info& out) {
  std::vector<std::string> seen;
  each<parley_config_key>(d.config, "config", [&](const parley_config_key& k, const std::string& place) {
    plugin_info::config_key key{identifier(k.name, place, "name"),
                                k.type,
                                k.required != 0,
                                text(k.default_value, place, "default_value"),
                                k.min,
                                k.max,
                                split_choices(text(k.choices, place, "choices")),
                                text(k.help, place, "help")};
    expect(k.type <= PARLEY_CONFIG_CHOICE, place, "type " + std::to_string(k.type) + " is not known");
    expect(k.type != PARLEY_CONFIG_CHOICE || !key.choices.empty(), place, "a choice without choices");
    expect(k.min <= k.max, place, "min is larger than max");
    once(seen, key.name, place);
    out.config.push_back(std::move(key));
  });
}

}  // namespace parley::host
