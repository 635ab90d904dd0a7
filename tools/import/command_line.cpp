#include "import/command_line.hpp"

#include <algorithm>
#include <cstdlib>

#include "import/trouble.hpp"

namespace parley::teamtalk {

void read_command_line(const std::vector<std::string>& words, std::initializer_list<option> known, std::string* alone) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    const bool joined = words[i].starts_with("--") && equals != std::string::npos;
    const auto name = words[i] == "-h" ? "--help" : joined ? words[i].substr(0, equals) : words[i];
    const auto* found = std::find_if(known.begin(), known.end(), [&](const option& one) { return one.name == name; });
    const bool is_switch = found != known.end() && std::holds_alternative<bool*>(found->into);
    if (found == known.end() && alone && alone->empty() && !words[i].starts_with("-")) {
      *alone = words[i];
      continue;
    }
    if (found == known.end() || (is_switch && joined)) throw trouble("unknown argument " + words[i] + "; see --help");
    if (is_switch) {
      *std::get<bool*>(found->into) = true;
      continue;
    }
    const auto value = joined ? words[i].substr(equals + 1) : ++i < words.size() ? words[i] : std::string();
    if (value.empty()) throw trouble(name + " needs a value; see --help");
    if (auto* const* list = std::get_if<std::vector<std::string>*>(&found->into)) {
      (*list)->push_back(value);
    } else {
      *std::get<std::string*>(found->into) = value;
    }
  }
}

void take_from_environment(std::string& into, const char* variable) {
  const char* set = std::getenv(variable);
  if (into.empty() && set) into = set;
}

}  // namespace parley::teamtalk
