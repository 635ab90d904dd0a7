// What /api/v1 serves: one row per call, which openapi.yaml describes. Tests hold the two against each other.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "role.hpp"

namespace http_admin {

/// Where a verb's argument comes from.
enum class source : std::uint8_t {
  path,
  query,
  body,       ///< a member of the JSON object
  text,       ///< the whole body: a CSV table
  user_name,  ///< the login name of the user whose id stands in the path
};

enum class shape : std::uint8_t {
  text,
  number,          ///< not negative
  text_or_number,  ///< of a body
  flag,            ///< "yes" or "no"; of a body true or false
  ids,             ///< of a body: [1, 2, 3], told as "1,2,3"
  only_yes,        ///< of a query: "yes" becomes a switch
};

struct mapping {
  source from = source::path;
  const char* name = "";      ///< in the path, the query, the body
  const char* argument = "";  ///< of the verb; empty: it chooses the verb and is no argument
  shape is = shape::text;
  bool required = false;
  const char* usual = nullptr;  ///< where it is not given
  const char* verb =
      nullptr;  ///< of this verb alone, which runs when it is given; null: of the row's, and in a path of all
  const char* verb_of_no = nullptr;  ///< of a flag: the verb of "no"
  bool secret = false;               ///< never told the audit log
};

/// What http_admin answers by itself.
enum class own : std::uint8_t { none, describe, sign_in, sign_out, me, my_password };

struct resource {
  const char* method;
  const char* path;  ///< below /api/v1; {id} and the like are numbers, {name} is a plugin's name
  role least = role::viewer;
  const char* verb = "";
  const char* action = "";  ///< in the audit log: every call that changes something has one
  std::span<const mapping> takes{};
  unsigned made = 200;  ///< the code of success
  bool paged = false;   ///< "page" and "size" are told beside what the verb answers
  own special = own::none;
  std::uint32_t deadline_ms = 30'000;
  const char* then = "";           ///< a verb whose answer is the call's, once all is done
  const char* then_argument = "";  ///< its argument, the path's id
};

std::span<const resource> resources();

}  // namespace http_admin
