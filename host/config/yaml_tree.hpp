// A manifest's YAML as a bounded tree in which everything knows its place.
//
// Rationale: built from yaml-cpp's events and not from its nodes, because those keep duplicate keys in silence and
// expand aliases without bound.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/manifest.hpp"

namespace parley::host {

/// Line and column, from 1.
struct position {
  int line = 0;
  int column = 0;
};

struct yaml_entry;

struct yaml_node {
  enum class kind { null, scalar, sequence, map, broken };  // broken: already reported

  kind type = kind::null;
  position at;
  std::string text;                 // of a scalar, variables expanded
  std::string source;               // as written, where variables stood in it
  std::vector<yaml_node> items;     // of a sequence
  std::vector<yaml_entry> entries;  // of a map, in the file's order, keys unique
};

struct yaml_entry {
  std::string key;
  position at;
  yaml_node value;
};

/// Refused beyond these: a manifest is a page or two, and whatever is larger is a mistake or an attack.
struct yaml_limits {
  static constexpr std::size_t bytes = 1 << 20;
  static constexpr std::size_t nodes = 20000;
  static constexpr std::size_t depth = 16;
};

/// Parses one document and expands the variables in its values. Nothing when the syntax or a limit is broken; smaller
/// faults (duplicate keys, unset variables, anchors, tags) are reported and what they concern is marked broken.
std::optional<yaml_node> read_yaml(std::string_view text, const std::string& file, std::vector<diagnostic>& errors);

}  // namespace parley::host
