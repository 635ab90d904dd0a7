// yaml-cpp's events to a yaml_tree.
#pragma once

#include "host/config/yaml_tree.hpp"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/mark.h"

namespace parley::host {

/// Throws YAML::ParserException when a limit is broken; read_yaml catches it with the parser's own.
class yaml_builder final : public YAML::EventHandler {
 public:
  yaml_builder(const std::string& file, std::vector<diagnostic>& errors) : file_(file), errors_(errors) {}

  yaml_node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& at) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& at, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& at, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  /// A sequence or map that is still open, and for a map the key that waits for its value.
  struct frame {
    yaml_node node;
    bool has_key = false;
    bool key_usable = false;
    std::string key;
    position key_at;
  };

  yaml_node begin(yaml_node::kind type, const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor);
  void open(yaml_node node, const YAML::Mark& at);
  void close();
  void add(yaml_node node);
  void add_to_map(frame& map, yaml_node node);
  void report(position at, std::string text);

  const std::string& file_;
  std::vector<diagnostic>& errors_;
  std::vector<frame> open_;
  yaml_node root_;
  std::size_t nodes_ = 0;
};

}  // namespace parley::host
