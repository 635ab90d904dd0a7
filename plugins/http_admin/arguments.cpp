#include "arguments.hpp"

#include <parley/json.hpp>
#include <parley/utf8.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace http_admin {
namespace {

using nlohmann::json;

constexpr std::size_t most_ids = 10'000;
constexpr std::size_t most_detail = 500, most_target = 200;  // characters

bool digits(std::string_view text) {
  return !text.empty() && text.size() <= 19 && (text.size() == 1 || text[0] != '0') &&
         text.find_first_not_of("0123456789") == text.npos;
}

/// As the verb takes it; nothing when it is of another shape.
std::optional<std::string> text_of(shape is, const json& value) {
  switch (is) {
    case shape::text:
      if (value.is_string()) return value.get<std::string>();
      break;
    case shape::text_or_number:
      if (value.is_string()) return value.get<std::string>();
      [[fallthrough]];
    case shape::number:
      if (value.is_number_unsigned()) return value.dump();
      break;
    case shape::flag:
    case shape::only_yes:
      if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
      break;
    case shape::ids: {
      if (!value.is_array() || value.size() > most_ids) break;
      std::string out;
      for (const auto& each : value) {
        if (!each.is_number_unsigned()) return std::nullopt;
        out += (out.empty() ? "" : ",") + each.dump();
      }
      return out;
    }
  }
  return std::nullopt;
}

bool good(shape is, std::string_view query_text) {
  if (is == shape::number) return digits(query_text);
  if (is == shape::flag || is == shape::only_yes) return query_text == "yes" || query_text == "no";
  return true;
}

const char* wanted(shape is) {
  switch (is) {
    case shape::number:
      return " has to be a number, not negative";
    case shape::flag:
    case shape::only_yes:
      return " has to be yes or no, in a body true or false";
    case shape::ids:
      return " has to be a list of at most 10000 ids";
    case shape::text_or_number:
      return " has to be a text or a number";
    default:
      return " has to be a text";
  }
}

/// Reads the JSON object; what is nested deeper than a list is left out, and then no good.
refusal read_body(const place& at, std::string_view type, std::string_view text, values& out) {
  const auto takes = at.found->takes;
  if (text.empty()) return {};
  if (type.substr(0, type.find(';')) != "application/json")
    return {415, "content_type", "the body has to be application/json"};
  constexpr int most_depth = 2;
  const auto body = json::parse(
      text, [](int depth, json::parse_event_t, json&) { return depth <= most_depth; }, false);
  if (!body.is_object()) return malformed("the body has to be a JSON object");
  for (const auto& [name, value] : body.items()) {
    const auto m = std::find_if(takes.begin(), takes.end(), [&, &key = name](const mapping& each) {
      return each.from == source::body && key == each.name;
    });
    if (m == takes.end()) return malformed("there is nothing called so to be given", name.substr(0, 64));
    auto read = text_of(m->is, value);
    if (!read) return malformed(name + wanted(m->is), name);
    if (read->find('\0') != read->npos) return malformed(name + " has to be without NUL", name);
    out.emplace(name, std::move(*read));
  }
  return {};
}

refusal read_query(const place& at, std::string_view text, values& out) {
  auto query = parse_query(text);
  if (!query) return malformed("the query is not well-formed");
  const auto takes = at.found->takes;
  for (const auto& [name, value] : *query) {
    const auto m = std::find_if(takes.begin(), takes.end(), [&, &key = name](const mapping& each) {
      return each.from == source::query && key == each.name;
    });
    if (m == takes.end()) return malformed("there is no such parameter", name.substr(0, 64));
    if (!value.empty() && !good(m->is, value)) return malformed(name + wanted(m->is), name);
  }
  std::erase_if(*query, [](const auto& each) { return each.second.empty(); });
  out = std::move(*query);
  return {};
}

struct given {
  const values& path;
  const values& query;
  const values& body;
  std::string_view text;

  std::optional<std::string> operator[](const mapping& m) const {
    if (m.from == source::text) return text.empty() ? std::nullopt : std::optional(std::string(text));
    const auto& from = m.from == source::query ? query : m.from == source::body ? body : path;
    if (const auto found = from.find(m.name); found != from.end()) return found->second;
    return m.usual ? std::optional<std::string>(m.usual) : std::nullopt;
  }
};

/// The verbs in their order: the row's first, then those that single values have.
std::vector<step> plan(const resource& row, const given& all) {
  bool several = false, own_value = false;
  std::vector<step> out;
  for (const auto& m : row.takes) {
    if (m.from != source::body) continue;
    const auto value = all[m];
    if (!m.verb) own_value = own_value || value;
    if (!m.verb) continue;
    several = true;
    if (value) out.push_back({m.verb_of_no && *value == "no" ? m.verb_of_no : m.verb, {}, {}, {}});
  }
  if (!several || own_value) out.insert(out.begin(), step{row.verb, {}, {}, {}});
  for (auto& each : out) {
    for (const auto& m : row.takes) {
      const bool its = m.verb ? each.verb == m.verb || (m.verb_of_no && each.verb == m.verb_of_no)
                              : m.from == source::path || m.from == source::user_name || each.verb == row.verb;
      const auto value = its ? all[m] : std::nullopt;
      if (!value || !*m.argument) continue;
      if (m.from == source::user_name) {
        each.name_argument = m.argument;
      } else if (m.is == shape::only_yes) {
        if (*value == "yes") each.switches.emplace_back(m.argument);
      } else {
        each.arguments[m.argument] = *value;
      }
    }
  }
  return out;
}

/// Whole characters.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most) + "...";
}

std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

void describe(asked& out, const place& at) {
  for (const auto& m : at.found->takes) {
    if (m.from == source::path || m.from == source::user_name) {
      const auto value = at.path.find(m.name);
      if (value == at.path.end() || (" " + out.target + " ").find(" " + value->second + " ") != std::string::npos)
        continue;
      out.target += (out.target.empty() ? "" : " ") + value->second;
    }
    if (m.from != source::body) continue;
    const auto value = out.body.find(m.name);
    if (value == out.body.end()) continue;
    out.detail += (out.detail.empty() ? "" : ", ") + std::string(m.name) + "=" +
                  (m.secret ? "***" : printable(cut(value->second, 100)));
  }
  if (const auto name = out.body.find("name"); out.target.empty() && name != out.body.end())
    out.target = printable(name->second);
  out.target = cut(std::move(out.target), most_target);
  out.detail = cut(std::move(out.detail), most_detail);
}

}  // namespace

std::string step::json() const {
  parley::json_object out;
  for (const auto& [name, value] : arguments) out.add(name, value);
  for (const auto& name : switches) out.raw(name, "true");
  return out.str();
}

asked read_call(const place& at, std::string_view query, std::string_view type, std::string_view body) {
  asked out;
  const auto& row = *at.found;
  const bool table =
      std::any_of(row.takes.begin(), row.takes.end(), [](const mapping& m) { return m.from == source::text; });
  values asked_for;
  if ((out.fault = read_query(at, query, asked_for))) return out;
  if (!table) {
    if ((out.fault = read_body(at, type, body, out.body))) return out;
  } else if (type.substr(0, type.find(';')) != "text/csv") {
    out.fault = {415, "content_type", "the body has to be text/csv"};
    return out;
  } else if (!parley::utf8_characters(body)) {
    out.fault = malformed("the table is not UTF-8");
    return out;
  }
  const given all{at.path, asked_for, out.body, table ? body : std::string_view()};
  for (const auto& m : row.takes) {
    if (m.required && !all[m]) {
      out.fault = malformed(std::string(m.name) + " is missing", m.name);
      return out;
    }
    if (m.from == source::query && std::string_view(m.name) == "page") out.page = all[m].value_or("");
    if (m.from == source::query && std::string_view(m.name) == "size") out.size = all[m].value_or("");
  }
  out.steps = plan(row, all);
  if (out.steps.empty()) out.fault = malformed("there is nothing to change");
  describe(out, at);
  return out;
}

}  // namespace http_admin
