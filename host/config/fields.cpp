#include "host/config/fields.hpp"

#include <algorithm>

#include "host/config/words.hpp"

namespace parley::host {

namespace {

std::string described(const yaml_node& node) {
  switch (node.type) {
    case yaml_node::kind::scalar:
      return in_quotes(node.text);
    case yaml_node::kind::sequence:
      return "a list";
    case yaml_node::kind::map:
      return "a map of keys";
    default:
      return "nothing";
  }
}

void report_kind(reading& r, const yaml_node& node, const std::string& path, const std::string& expected) {
  if (node.type == yaml_node::kind::broken) return;
  r.report(node.at, (path.empty() ? "" : path + ": ") + "expected " + expected + ", found " + described(node));
}

}  // namespace

bool is_map(reading& r, const yaml_node& node, const std::string& path) {
  if (node.type == yaml_node::kind::map) return true;
  report_kind(r, node, path, "a map of keys");
  return false;
}

void value::report(const std::string& text) const {
  const std::string origin = node_->source.empty() ? "" : " (from " + in_quotes(node_->source) + ")";
  reading_->report(node_->at, path_ + ": " + text + origin);
}

bool value::is_scalar(const std::string& expected) const {
  if (node_->type == yaml_node::kind::scalar) return true;
  report_kind(*reading_, *node_, path_, expected);
  return false;
}

void value::items(const std::function<void(const value&)>& each) const {
  if (node_->type != yaml_node::kind::sequence) return report_kind(*reading_, *node_, path_, "a list");
  std::size_t index = 0;
  for (const yaml_node& item : node_->items) each({*reading_, item, path_ + "[" + std::to_string(index++) + "]"});
}

fields::fields(reading& r, const yaml_node& node, std::string path)
    : reading_(&r), node_(&node), path_(std::move(path)) {}

void fields::report_at(const std::string& key, const std::string& text) const {
  for (const yaml_entry& entry : node_->entries) {
    if (entry.key == key) return value_of(entry).report(text);
  }
  report(key + " " + text);
}

const yaml_entry* fields::find(const std::string& key) {
  if (!contains(known_, key)) known_.push_back(key);
  for (const yaml_entry& entry : node_->entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

const yaml_entry* fields::require(const std::string& key, const std::string& expected) {
  const yaml_entry* entry = find(key);
  if (!entry) report("the key " + in_quotes(key) + " is missing: expected " + expected);
  return entry;
}

void fields::text(const std::string& key, std::string& out) {
  const yaml_entry* entry = find(key);
  if (entry && value_of(*entry).is_scalar("a text")) out = entry->value.text;
}

void fields::boolean(const std::string& key, bool& out) {
  read(key, out, parse_boolean);
}

void fields::choice(const std::string& key, std::string& out, const std::vector<std::string>& choices) {
  read(key, out, [&](const std::string& text) { return parse_choice(text, choices); });
}

void fields::command(const std::string& key, std::uint16_t& out) {
  read(key, out, parse_command);
}

void fields::duration(const std::string& key, std::chrono::milliseconds& out, bounds allowed) {
  std::int64_t value = out.count();
  read(key, value, [&](const std::string& text) { return parse_duration(text, allowed); });
  out = std::chrono::milliseconds(value);
}

void fields::size(const std::string& key, std::size_t& out, bounds allowed) {
  read(key, out, [&](const std::string& text) { return parse_size(text, allowed); });
}

void fields::items(const std::string& key, const std::function<void(const value&)>& each) {
  if (const yaml_entry* entry = find(key)) value_of(*entry).items(each);
}

void fields::entries(const std::string& key, const std::function<void(const yaml_entry&, const value&)>& each) {
  const yaml_entry* entry = find(key);
  if (!entry || !is_map(*reading_, entry->value, prefix_of(key))) return;
  for (const yaml_entry& inner : entry->value.entries) {
    each(inner, {*reading_, inner.value, prefix_of(key) + "." + inner.key});
  }
}

void fields::foreign(const std::vector<std::string>& keys, const std::string& belongs) {
  for (const std::string& key : keys) {
    if (contains(known_, key)) continue;
    elsewhere_.push_back(key);
    for (const yaml_entry& entry : node_->entries) {
      if (entry.key == key)
        reading_->report(entry.at, prefix() + "the key " + in_quotes(key) + " belongs to " + belongs);
    }
  }
}

void fields::finish() {
  for (const yaml_entry& entry : node_->entries) {
    if (contains(known_, entry.key) || contains(elsewhere_, entry.key)) continue;
    reading_->report(entry.at,
                     prefix() + "unknown key " + in_quotes(entry.key) + ": " + did_you_mean(entry.key, known_));
  }
}

}  // namespace parley::host
