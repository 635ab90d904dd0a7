// The wording that all diagnostics share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::host {

/// In double quotes, clipped to one short line, control characters escaped: safe to print whatever a file held.
std::string in_quotes(std::string_view text);

/// "a, b, c"
std::string joined(const std::vector<std::string>& words, std::string_view separator = ", ");

/// The candidate nearest to `word`, when it is near enough to be a slip of the hand; else empty.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// `did you mean "x"?`, else `known are a, b, c`.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

bool contains(const std::vector<std::string>& words, const std::string& word);

/// "0x0301"
std::string hex_command(std::uint16_t id);

/// "1 error", "3 errors"
std::string counted(std::size_t count, std::string_view noun);

/// [a-z][a-z0-9_]*, at most 64 characters: plugins, pools, configuration keys.
bool is_identifier(std::string_view text);

}  // namespace parley::host
