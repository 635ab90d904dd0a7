#include <algorithm>

#include "host/config/manifest_parts.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

constexpr bounds drain_bounds{0, 3'600'000};

const std::vector<std::string> levels = {"debug", "info", "warn", "error"};

/// Where a value stands that was read as it is written there.
mark place_of(reading& r, fields& section, const std::string& key, const std::string& read) {
  const yaml_entry* entry = section.find(key);
  return entry && entry->value.text == read ? r.at(entry->value.at) : mark{};
}

void not_empty(fields& section, const std::string& key, std::string& out) {
  section.read(key, out, [](const std::string& text) -> result<std::string> {
    if (!text.empty()) return text;
    return error{status::malformed, "expected a path, found an empty text"};
  });
}

}  // namespace

result<std::string> parse_label(const std::string& text) {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const auto allowed = [&](char c) { return letter_or_digit(c) || c == '_' || c == '-' || c == '.'; };
  if (!text.empty() && text.size() <= 64 && letter_or_digit(text[0]) &&
      std::all_of(text.begin(), text.end(), allowed)) {
    return text;
  }
  return error{status::malformed, "expected letters, digits, _ - and . (at most 64), found " + in_quotes(text)};
}

void read_node(reading& r, fields& top, manifest& out) {
  const yaml_entry* entry = top.find("node");
  if (!entry || !is_map(r, entry->value, "node")) return;
  fields node(r, entry->value, "node");
  node.read("name", out.name, parse_label);
  not_empty(node, "data", out.data);
  node.text("control", out.control);
  node.text("plugin_directory", out.plugin_directory);
  node.duration("drain_timeout", out.drain_timeout, drain_bounds);
  node.boolean("busy_poll", out.busy_poll);
  node.command("refused_command", out.refused_command);
  node.command("moved_command", out.moved_command);
  node.finish();
  out.name_at = place_of(r, node, "name", out.name);
  out.data_at = place_of(r, node, "data", out.data);
  out.control_at = place_of(r, node, "control", out.control);
  if (out.refused_command == out.moved_command) {
    node.report_at("moved_command", hex_command(out.moved_command) + " is refused_command too: give each its own id");
  }
}

void read_log(reading& r, fields& top, manifest& out) {
  const yaml_entry* entry = top.find("log");
  if (!entry || !is_map(r, entry->value, "log")) return;
  fields log(r, entry->value, "log");
  log.choice("level", out.log.level, levels);
  log.text("file", out.log.file);
  log.entries("modules", [&](const yaml_entry& module, const value& level) {
    level.read(out.log.modules[module.key], [](const std::string& text) { return parse_choice(text, levels); });
  });
  log.finish();
}

void read_reload(reading& r, fields& top, manifest& out) {
  const yaml_entry* entry = top.find("reload");
  if (!entry || !is_map(r, entry->value, "reload")) return;
  fields reload(r, entry->value, "reload");
  reload.duration("probation", out.reload.probation, {0, 86'400'000});
  reload.duration("quiesce", out.reload.quiesce, {10, 3'600'000});
  reload.duration("preflight", out.reload.preflight, {100, 600'000});
  reload.size("state_limit", out.reload.state_limit, {0, 16 << 20});
  reload.number("lingering", out.reload.lingering, {1, 64});
  reload.finish();
}

}  // namespace parley::host
