// What the verbs share.
#pragma once

#include <parley/number.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "ids.hpp"
#include "store.hpp"

namespace group {

/// Ids and limits are from 1.
inline std::optional<number> from_one(std::string_view text, number most = 0xFFFFFFFF) {
  const auto found = parley::whole_number(text, most);
  return found == 0u ? std::nullopt : found;
}

inline std::string type_word(number type) {
  return type == store::temporary_group ? "temporary" : type == store::normal_group ? "normal" : std::to_string(type);
}

}  // namespace group
