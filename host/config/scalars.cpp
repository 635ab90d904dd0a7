#include "host/config/scalars.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include "host/config/words.hpp"

namespace parley::host {

namespace {

struct unit {
  const char* name;
  std::int64_t factor;
};

constexpr unit duration_units[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr unit size_units[] = {{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};

error mismatch(const std::string& expected, std::string_view found, const std::string& hint = {}) {
  return {status::malformed,
          "expected " + expected + ", found " + in_quotes(found) + (hint.empty() ? "" : ": " + hint)};
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (failure != std::errc() || end != text.data() + text.size() || (hex && value < 0)) return std::nullopt;
  return value;
}

/// In the largest unit that leaves a whole number: "15s", "64KiB".
std::string written(std::int64_t value, std::span<const unit> units) {
  const unit* best = &units.front();
  for (const unit& u : units) {
    if (value != 0 && value % u.factor == 0) best = &u;
  }
  return std::to_string(value / best->factor) + best->name;
}

std::string limits(bounds allowed, const auto& write) {
  if (allowed.max == INT64_MAX && allowed.min <= 0) return {};
  if (allowed.max == INT64_MAX) return " of at least " + write(allowed.min);
  return " from " + write(allowed.min) + " to " + write(allowed.max);
}

result<std::int64_t> parse_quantity(std::string_view text, bounds allowed, std::span<const unit> units,
                                    const std::string& what, const std::string& examples, std::string_view usual) {
  const auto write = [&](std::int64_t value) { return written(value, units); };
  const auto expected = [&] { return what + limits(allowed, write) + " (" + examples + ")"; };
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const std::string_view name = text.substr(digits);
  std::int64_t number = 0;
  const bool fits = std::from_chars(text.data(), text.data() + digits, number).ec == std::errc();
  if (digits == 0) return mismatch(expected(), text);
  if (name.empty()) {
    return mismatch(expected(), text, "a number needs its unit, write " + std::string(text) + std::string(usual));
  }
  const auto known = std::find_if(units.begin(), units.end(), [&](const unit& u) { return name == u.name; });
  if (known == units.end()) {
    std::vector<std::string> names;
    for (const unit& u : units) names.push_back(u.name);
    return mismatch(expected(), text, "the units are " + joined(names));
  }
  std::int64_t value = 0;
  if (!fits || __builtin_mul_overflow(number, known->factor, &value) || value < allowed.min || value > allowed.max) {
    return mismatch(expected(), text);
  }
  return value;
}

}  // namespace

result<std::int64_t> parse_integer(std::string_view text, bounds allowed) {
  const auto write = [](std::int64_t value) { return std::to_string(value); };
  const auto value = whole_number(text);
  if (value && *value >= allowed.min && *value <= allowed.max) return *value;
  return mismatch("a whole number" + limits(allowed, write), text);
}

result<std::int64_t> parse_duration(std::string_view text, bounds allowed) {
  return parse_quantity(text, allowed, duration_units, "a duration", "such as 250ms, 15s, 2m, 1h", "s");
}

result<std::int64_t> parse_size(std::string_view text, bounds allowed) {
  return parse_quantity(text, allowed, size_units, "a size", "such as 512B, 4KiB, 1MiB", "B");
}

result<bool> parse_boolean(std::string_view text) {
  if (text == "true" || text == "on" || text == "yes") return true;
  if (text == "false" || text == "off" || text == "no") return false;
  return mismatch("true or false (on, off, yes, no)", text);
}

result<std::string> parse_choice(std::string_view text, const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return std::string(text);
  const std::string near = nearest(text, choices);
  return mismatch("one of " + joined(choices), text, near.empty() ? "" : "did you mean " + in_quotes(near) + "?");
}

result<std::uint16_t> parse_command(std::string_view text) {
  const auto id = whole_number(text);
  if (id && *id >= 1 && *id <= 0xFFFF) return static_cast<std::uint16_t>(*id);
  return mismatch("a command id from 0x0001 to 0xFFFF (such as 0x0301)", text);
}

result<std::pair<std::uint16_t, std::uint16_t>> parse_command_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_command(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_command(text.substr(dash + 1));
  if (!first || !last) return mismatch("a command id or a range such as 0x0100-0x01FF", text);
  if (*first > *last) return mismatch("a range that begins with its lower end", text);
  return std::pair(*first, *last);
}

}  // namespace parley::host
