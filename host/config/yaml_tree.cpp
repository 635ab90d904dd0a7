#include "host/config/yaml_tree.hpp"

#include <sstream>

#include "host/config/environment.hpp"
#include "host/config/words.hpp"
#include "host/config/yaml_builder.hpp"
#include "yaml-cpp/yaml.h"

namespace parley::host {

namespace {

/// Bytes of the UTF-8 sequence at the front of `text`; 0 when it is none.
std::size_t utf8_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                             : (lead & 0xF0) == 0xE0       ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  }
  return length;
}

/// The parser takes some control characters for the end of the text, and passes broken UTF-8 on.
bool is_clean_text(std::string_view text, const std::string& file, std::vector<diagnostic>& errors) {
  position at{1, 1};
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto c = static_cast<unsigned char>(text[0]);
    if (length == 0) {
      errors.push_back({{file, at.line, at.column}, "this is not UTF-8: save the file as UTF-8"});
      return false;
    }
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) {
      errors.push_back(
          {{file, at.line, at.column}, "a control character stands here: remove it (the file must be UTF-8 text)"});
      return false;
    }
    at = c == '\n' ? position{at.line + 1, 1} : position{at.line, at.column + static_cast<int>(length)};
    text.remove_prefix(length);
  }
  return true;
}

/// A value that begins with { or holds } ends early inside braces, which is where ${...} most often goes wrong.
std::string syntax_hint(std::string_view text, int line) {
  for (int i = 1; i < line && text.find('\n') != std::string_view::npos; ++i) text.remove_prefix(text.find('\n') + 1);
  text = text.substr(0, text.find('\n'));
  const bool in_braces = text.find("${") != std::string_view::npos && text.find_first_of("{[") != text.find("${") + 1;
  return in_braces ? ": inside { } and [ ] a value with ${...} needs quotes" : "";
}

void expand_tree(yaml_node& node, const std::string& file, std::vector<diagnostic>& errors) {
  for (yaml_node& item : node.items) expand_tree(item, file, errors);
  for (yaml_entry& entry : node.entries) expand_tree(entry.value, file, errors);
  if (node.type != yaml_node::kind::scalar || node.text.find('$') == std::string::npos) return;

  expansion value = expand_variables(node.text, process_variable);
  const mark at{file, node.at.line, node.at.column};
  if (!value.problem.empty()) errors.push_back({at, value.problem});
  for (const std::string& name : value.missing) {
    errors.push_back({at, "the environment variable " + name + " is not set and has no default: set it, or write ${" +
                              name + ":-default}"});
  }
  if (!value.problem.empty() || !value.missing.empty()) {
    node.type = yaml_node::kind::broken;
    return;
  }
  if (value.substituted) node.source = node.text;
  node.text = std::move(value.text);
}

}  // namespace

std::optional<yaml_node> read_yaml(std::string_view text, const std::string& file, std::vector<diagnostic>& errors) {
  if (text.size() > yaml_limits::bytes) {
    errors.push_back(
        {{file, 0, 0},
         "the file is larger than " + std::to_string(yaml_limits::bytes >> 10) + " KiB: a manifest never is"});
    return std::nullopt;
  }
  if (!is_clean_text(text, file, errors)) return std::nullopt;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    yaml_builder builder(file, errors);
    if (!parser.HandleNextDocument(builder)) {
      errors.push_back({{file, 1, 1}, "the manifest is empty: begin with config/all-in-one.yaml"});
      return std::nullopt;
    }
    yaml_node root = builder.take();
    yaml_builder second(file, errors);
    if (parser.HandleNextDocument(second)) {
      const yaml_node extra = second.take();
      errors.push_back(
          {{file, extra.at.line, extra.at.column}, "a second document begins here: one file is one manifest"});
    }
    expand_tree(root, file, errors);
    return root;
  } catch (const YAML::Exception& e) {
    const bool placed = e.mark.line >= 0;
    const int line = placed ? e.mark.line + 1 : 1;
    errors.push_back({{file, line, placed ? e.mark.column + 1 : 1}, "YAML: " + e.msg + syntax_hint(text, line)});
  } catch (const std::exception& e) {
    errors.push_back({{file, 1, 1}, std::string("YAML: ") + e.what()});
  }
  return std::nullopt;
}

}  // namespace parley::host
