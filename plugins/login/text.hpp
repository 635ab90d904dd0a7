// Text as the schema and the protocol want it.
#pragma once

#include <parley/utf8.hpp>

#include <span>
#include <string>
#include <string_view>

namespace login {

using parley::has_control;
using parley::storable;

std::string hex(std::span<const unsigned char> bytes);

/// Without blanks around it.
std::string_view trimmed(std::string_view text);

}  // namespace login
