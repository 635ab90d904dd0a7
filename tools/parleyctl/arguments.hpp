// The command line against what the node says its verbs are.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace parleyctl {

struct parsed_command {
  std::string verb;
  nlohmann::ordered_json args = nlohmann::ordered_json::object();
};

/// `verbs` is the node's answer to "verbs": the longest verb that the words begin with is meant. Files are read here:
/// the node gets their content. Throws std::runtime_error with a sentence and the verb's usage.
parsed_command parse(const std::vector<std::string>& words, const nlohmann::ordered_json& verbs);

/// "users add NAME --password TEXT [--nick TEXT]"
std::string usage(const nlohmann::ordered_json& verb);

/// A table of all verbs, for --help.
std::string help(const nlohmann::ordered_json& verbs);

}  // namespace parleyctl
