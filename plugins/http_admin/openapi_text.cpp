// Writes openapi.yaml as the C++ file that holds it as JSON: openapi_text IN.yaml OUT.cpp
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::ordered_json;

/// What YAML's core schema makes of a plain scalar.
ordered_json scalar(const YAML::Node& node) {
  const auto& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "true" || text == "false") return text == "true";
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  const auto number = ordered_json::parse(text, nullptr, false);
  return number.is_number() ? number : ordered_json(text);
}

ordered_json json_of(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map: {
      auto out = ordered_json::object();
      for (const auto& each : node) out[each.first.Scalar()] = json_of(each.second);
      return out;
    }
    case YAML::NodeType::Sequence: {
      auto out = ordered_json::array();
      for (const auto& each : node) out.push_back(json_of(each));
      return out;
    }
    case YAML::NodeType::Scalar:
      return scalar(node);
    default:
      return nullptr;
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    std::cerr << "usage: openapi_text IN.yaml OUT.cpp\n";
    return 2;
  }
  try {
    std::ofstream out(words[2]);
    out << "#include \"openapi.hpp\"\n\nnamespace http_admin {\n\nstd::string_view openapi_json() {\n  return R\"json("
        << json_of(YAML::LoadFile(words[1])).dump() << ")json\";\n}\n\n}  // namespace http_admin\n";
    return out.flush() ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << words[1] << ": " << e.what() << "\n";
    return 1;
  }
}
