#include "host/cluster/fellow.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "host/config/words.hpp"

namespace parley::host {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t longest_entry = 256 << 10;

std::string field_text(const json& in, const char* key) {
  const auto found = in.find(key);
  return found != in.end() && found->is_string() ? found->get<std::string>() : "";
}
std::uint64_t field_number(const json& in, const char* key, std::uint64_t most) {
  const auto found = in.find(key);
  if (found == in.end() || !found->is_number_unsigned()) return 0;
  const auto value = found->get<std::uint64_t>();
  return value <= most ? value : 0;
}
const json& field_list(const json& in, const char* key) {
  static const json none = json::array();
  const auto found = in.find(key);
  return found != in.end() && found->is_array() ? *found : none;
}

}  // namespace

std::string to_json(const fellow_facts& f) {
  json clients = json::array(), plugins = json::array();
  for (const auto& c : f.clients) {
    clients.push_back(
        {{"address", c.address}, {"port", c.port}, {"sessions", c.sessions}, {"capacity", c.capacity}, {"tls", c.tls}});
  }
  for (const auto& p : f.plugins) {
    json commands = json::array();
    for (const auto id : p.commands) commands.push_back(hex_command(id));
    plugins.push_back({{"name", p.name}, {"version", p.version}, {"commands", std::move(commands)}});
  }
  return json{{"name", f.who.name},
              {"incarnation", std::to_string(f.who.incarnation)},
              {"number", f.who.number},
              {"version", f.version},
              {"abi", f.abi},
              {"state", f.state},
              {"link", {{"address", f.link_address}, {"port", f.link_port}}},
              {"sessions", f.sessions},
              {"clients", std::move(clients)},
              {"plugins", std::move(plugins)}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<fellow_facts> fellow_from_json(std::string_view text) {
  if (text.size() > longest_entry) return std::nullopt;
  const auto in = json::parse(text, nullptr, false);
  if (!in.is_object()) return std::nullopt;
  fellow_facts out;
  out.who.name = field_text(in, "name");
  const auto incarnation = field_text(in, "incarnation");
  const auto* end = incarnation.data() + incarnation.size();
  const auto [at, failed] = std::from_chars(incarnation.data(), end, out.who.incarnation);
  out.who.number = static_cast<std::uint16_t>(field_number(in, "number", UINT16_MAX));
  if (out.who.name.empty() || failed != std::errc{} || at != end || out.who.number == 0) return std::nullopt;
  out.version = field_text(in, "version");
  out.abi = field_text(in, "abi");
  out.state = field_text(in, "state");
  out.sessions = field_number(in, "sessions", UINT32_MAX);
  if (const auto link = in.find("link"); link != in.end() && link->is_object()) {
    out.link_address = field_text(*link, "address");
    out.link_port = static_cast<std::uint16_t>(field_number(*link, "port", UINT16_MAX));
  }
  for (const auto& c : field_list(in, "clients")) {
    if (!c.is_object()) continue;
    out.clients.push_back({field_text(c, "address"), static_cast<std::uint16_t>(field_number(c, "port", UINT16_MAX)),
                           static_cast<std::uint32_t>(field_number(c, "sessions", UINT32_MAX)),
                           static_cast<std::uint32_t>(field_number(c, "capacity", UINT32_MAX)),
                           c.value("tls", json(false)) == true});
  }
  for (const auto& p : field_list(in, "plugins")) {
    if (!p.is_object()) continue;
    auto& added = out.plugins.emplace_back();
    added.name = field_text(p, "name");
    added.version = field_text(p, "version");
    for (const auto& id : field_list(p, "commands")) {
      if (!id.is_string()) continue;
      const auto value = std::strtoul(id.get<std::string>().c_str(), nullptr, 16);
      if (value > 0 && value <= UINT16_MAX) added.commands.push_back(static_cast<std::uint16_t>(value));
    }
  }
  return out;
}

}  // namespace parley::host
