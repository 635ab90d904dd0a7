#include "host/config/yaml_builder.hpp"

#include <algorithm>

#include "host/config/words.hpp"
#include "yaml-cpp/exceptions.h"

namespace parley::host {

namespace {

position place(const YAML::Mark& at) {
  return {at.line + 1, at.column + 1};
}

}  // namespace

void yaml_builder::OnDocumentStart(const YAML::Mark& at) {
  root_.at = place(at);
}

void yaml_builder::OnNull(const YAML::Mark& at, YAML::anchor_t anchor) {
  add(begin(yaml_node::kind::null, at, "", anchor));
}

void yaml_builder::OnAlias(const YAML::Mark& at, YAML::anchor_t) {
  yaml_node node = begin(yaml_node::kind::broken, at, "", 0);
  report(node.at, "aliases are refused: write the value out");
  add(std::move(node));
}

void yaml_builder::OnScalar(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                            const std::string& value) {
  yaml_node node = begin(yaml_node::kind::scalar, at, tag, anchor);
  node.text = value;
  if (value.find('\0') != std::string::npos) {
    report(node.at, "the value holds a NUL character: remove it");
    node.type = yaml_node::kind::broken;
  }
  add(std::move(node));
}

void yaml_builder::OnSequenceStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                                   YAML::EmitterStyle::value) {
  open(begin(yaml_node::kind::sequence, at, tag, anchor), at);
}

void yaml_builder::OnMapStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value) {
  open(begin(yaml_node::kind::map, at, tag, anchor), at);
}

yaml_node yaml_builder::begin(yaml_node::kind type, const YAML::Mark& at, const std::string& tag,
                              YAML::anchor_t anchor) {
  if (++nodes_ > yaml_limits::nodes) {
    throw YAML::ParserException(at,
                                "more than " + std::to_string(yaml_limits::nodes) + " values: a manifest never has");
  }
  yaml_node node;
  node.type = type;
  node.at = place(at);
  if (!tag.empty() && tag != "?" && tag != "!") report(node.at, "tags are refused: remove " + in_quotes(tag));
  if (anchor != YAML::NullAnchor) report(node.at, "anchors are refused: write the value out where it is needed");
  return node;
}

void yaml_builder::open(yaml_node node, const YAML::Mark& at) {
  if (open_.size() >= yaml_limits::depth) {
    throw YAML::ParserException(at, "nested deeper than " + std::to_string(yaml_limits::depth) + " levels");
  }
  open_.emplace_back().node = std::move(node);
}

void yaml_builder::close() {
  yaml_node node = std::move(open_.back().node);
  open_.pop_back();
  add(std::move(node));
}

void yaml_builder::add(yaml_node node) {
  if (open_.empty()) {
    root_ = std::move(node);
  } else if (open_.back().node.type == yaml_node::kind::sequence) {
    open_.back().node.items.push_back(std::move(node));
  } else {
    add_to_map(open_.back(), std::move(node));
  }
}

void yaml_builder::add_to_map(frame& map, yaml_node node) {
  if (map.has_key) {
    map.has_key = false;
    if (map.key_usable) map.node.entries.push_back({std::move(map.key), map.key_at, std::move(node)});
    return;
  }
  map.has_key = true;
  map.key_usable = node.type == yaml_node::kind::scalar;
  map.key = std::move(node.text);
  map.key_at = node.at;
  if (!map.key_usable) {
    if (node.type != yaml_node::kind::broken) report(node.at, "a key is a plain word");
    return;
  }
  const auto& entries = map.node.entries;
  const auto first =
      std::find_if(entries.begin(), entries.end(), [&](const yaml_entry& e) { return e.key == map.key; });
  if (first == entries.end()) return;
  map.key_usable = false;
  report(node.at, "the key " + in_quotes(map.key) + " stands twice here, first in line " +
                      std::to_string(first->at.line) + ": remove one");
}

void yaml_builder::report(position at, std::string text) {
  errors_.push_back({{file_, at.line, at.column}, std::move(text)});
}

}  // namespace parley::host
