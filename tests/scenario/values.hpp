// What stands in a block besides protobuf's text format.
#pragma once

#include <functional>
#include <string>

namespace parley::scenario {

/// Text of a name written `@name` (a user's id) or `$name` (something remembered).
using lookup = std::function<std::string(char sigil, const std::string& name)>;

/// Replaces, outside quotes:
///   @bob             bob's user id
///   $when            what was remembered as $when
///   text "hello"     the ciphertext of it, as clients send it
///   audio 3 "bytes"  three seconds of sound
///   repeat "ab" 50   fifty times
///   repeat 7 50      in a list: that number fifty times
///   md5 "password"   its 32 hex digits
std::string expand(const std::string& block, const lookup& names);

/// A bytes literal of text format.
std::string literal(const std::string& bytes);

}  // namespace parley::scenario
