// What a call asks for, as verbs and their arguments.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "address.hpp"
#include "answer.hpp"

namespace http_admin {

/// One verb to run.
struct step {
  std::string verb;
  std::map<std::string, std::string> arguments;
  std::vector<std::string> switches;
  std::string name_argument;  // of the user's login name, which is still to be found; empty: of none

  std::string json() const;
};

struct asked {
  refusal fault;  // else nothing else is set
  std::vector<step> steps;
  values body;         // what came in the body, as verbs take it
  std::string target;  // for the audit log: "7", "group 3 12", or the name of what is to be made
  std::string detail;  // what was given, without secrets
  std::string page, size;
};

/// `body`: as it came; `type` its Content-Type. Strict: what a resource does not take is malformed. [any]
asked read_call(const place& at, std::string_view query, std::string_view type, std::string_view body);

}  // namespace http_admin
