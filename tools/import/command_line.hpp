// How parley-import and parley-store read their command lines.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::teamtalk {

/// A switch, an option with a value, one that may be given several times.
struct option {
  std::string_view name;
  std::variant<bool*, std::string*, std::vector<std::string>*> into;
};

/// "--name value", "--name=value", "--switch"; -h is --help. One word that is no option goes into `alone`, when there
/// is one. Throws trouble.
void read_command_line(const std::vector<std::string>& words, std::initializer_list<option> known,
                       std::string* alone = nullptr);

/// What was not given may stand in the environment, which no process list shows.
void take_from_environment(std::string& into, const char* variable);

}  // namespace parley::teamtalk
