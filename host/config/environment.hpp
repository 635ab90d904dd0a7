// ${NAME} and ${NAME:-default} in a manifest's values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::host {

/// The value of an environment variable, if it has one.
using variable_lookup = std::optional<std::string> (*)(const std::string& name);

std::optional<std::string> process_variable(const std::string& name);
/// Nothing is set: what a file says by itself.
std::optional<std::string> no_variable(const std::string& name);

struct expansion {
  std::string text;
  std::vector<bool> from_file;  // per character of text: it stands in the manifest, not in the environment
  bool substituted = false;
  std::vector<std::string> missing;  // variables that are unset and have no default; nothing is put in their place
  std::string problem;               // bad syntax; text is then worthless
};

/// Expands one scalar. As in a shell an empty variable counts as unset where there is a default; a default may hold
/// substitutions of its own; `$$` is a dollar sign and a dollar sign before anything but `{` is itself.
///
/// Rationale: this happens after the YAML is parsed and is not repeated on the result, so a value from the environment
/// is only ever a value.
expansion expand_variables(std::string_view text, variable_lookup lookup);

}  // namespace parley::host
