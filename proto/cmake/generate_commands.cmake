# cmake -DINPUT=commands.csv -DOUTPUT=commands.hpp -P generate_commands.cmake
# Refuses a table with a malformed row, or with an id or a name that occurs twice.

cmake_minimum_required(VERSION 3.25)

file(STRINGS "${INPUT}" rows)
list(POP_FRONT rows head)
if(NOT head STREQUAL "id,name,message,direction,owner")
  message(FATAL_ERROR "${INPUT}: the first line has to be id,name,message,direction,owner")
endif()

set(hex "[0-9A-F]")
set(row_pattern
    "^(0x${hex}${hex}${hex}${hex}),CID_([A-Z0-9_]+),([A-Za-z0-9_.]+),(request|reply|push|both|server),([a-z_]+|-)$")
set(constants "")
set(entries "")
set(ids "")
set(names "")
set(count 0)
foreach(row IN LISTS rows)
  if(row STREQUAL "")
    continue()
  endif()
  if(NOT row MATCHES "${row_pattern}")
    message(FATAL_ERROR "${INPUT}: not a command: ${row}")
  endif()
  set(id ${CMAKE_MATCH_1})
  set(upper ${CMAKE_MATCH_2})
  set(message ${CMAKE_MATCH_3})
  set(direction ${CMAKE_MATCH_4})
  set(owner ${CMAKE_MATCH_5})
  if(id IN_LIST ids OR upper IN_LIST names)
    message(FATAL_ERROR "${INPUT}: ${id} CID_${upper} is there twice")
  endif()
  list(APPEND ids ${id})
  list(APPEND names ${upper})
  if(owner STREQUAL "-")
    set(owner "")
  endif()
  string(TOLOWER ${upper} name)
  string(APPEND constants "inline constexpr std::uint16_t ${name} = ${id};\n")
  string(APPEND entries "    entry{${id}, \"${name}\", \"${message}\", direction::${direction}, \"${owner}\"},\n")
  math(EXPR count "${count} + 1")
endforeach()

set(sorted ${ids})
list(SORT sorted)
if(NOT sorted STREQUAL ids)
  message(FATAL_ERROR "${INPUT}: rows have to be in order of their ids")
endif()

file(WRITE "${OUTPUT}" "// Generated from proto/commands.csv.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

/// Named after TeamTalk's CID_ prefix: CID_MSG_DATA is parley::cid::msg_data. (parley::commands is the SDK's.)
namespace parley::cid {

${constants}
/// Who sends it: a client (request), the server in answer (reply) or unasked (push), both sides, or only TeamTalk's
/// servers among themselves.
enum class direction : std::uint8_t { request, reply, push, both, server };

/// One row of the command table. `message` is the full protobuf name of the body, `owner` the plugin that answers
/// (\"host\" for the host, empty when nobody does). All text is static.
struct entry {
  std::uint16_t id;
  std::string_view name;
  std::string_view message;
  parley::cid::direction direction;
  std::string_view owner;
};

/// In order of id.
inline constexpr std::array<entry, ${count}> table{{
${entries}}};

/// The row of a command id, or nullptr. [any]
constexpr const entry* find(std::uint16_t id) {
  const auto* at = std::lower_bound(table.begin(), table.end(), id,
                                    [](const entry& row, std::uint16_t wanted) { return row.id < wanted; });
  return at != table.end() && at->id == id ? at : nullptr;
}

}  // namespace parley::cid
")
