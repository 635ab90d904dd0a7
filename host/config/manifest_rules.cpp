#include <algorithm>

#include "host/config/manifest_parts.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

constexpr std::int64_t longest_idle = 7 * 86'400'000;  // milliseconds

result<std::uint32_t> parse_bits(const std::string& text) {
  const auto number = parse_integer(text, {0, UINT32_MAX});
  if (!number) return number.failure();
  return static_cast<std::uint32_t>(*number);
}

}  // namespace

void read_idle_rule(reading& r, const value& item, listener_config& out) {
  if (!is_map(r, item.node(), item.path())) return;
  fields rule(r, item.node(), item.path());
  idle_rule idle;
  const bool whole = rule.require("mask", "the bits of the tag to look at, such as 0x10") &&
                     rule.require("value", "what those bits are, such as 0x10") &&
                     rule.require("timeout", "a duration such as 120s");
  rule.read("mask", idle.mask, parse_bits);
  rule.read("value", idle.value, parse_bits);
  rule.duration("timeout", idle.timeout, {1, longest_idle});
  rule.finish();
  if (whole && (idle.value & ~idle.mask) != 0) {
    rule.report("no tag can match: value has bits that mask has not");
  }
  out.idle_by_tag.push_back(idle);
}

void read_rate(reading& r, const value& item, listener_config& out) {
  if (!is_map(r, item.node(), item.path())) return;
  fields rule(r, item.node(), item.path());
  rate_rule rate;
  rule.require("command", "a command id such as 0x0301");
  rule.require("per_second", "how many of it a session may send each second, 0 for no limit");
  rule.command("command", rate.command);
  rule.number("per_second", rate.per_second, {0, 1'000'000});
  rule.finish();
  rate.at = item.at();
  const auto same = [&](const rate_rule& other) { return other.command == rate.command; };
  if (rate.command != 0 && std::any_of(out.rates.begin(), out.rates.end(), same)) {
    rule.report("a second rate for " + hex_command(rate.command) + ": keep one");
  }
  out.rates.push_back(rate);
}

void read_served_range(const value& item, listener_config& out) {
  std::pair<std::uint16_t, std::uint16_t> range;
  if (!item.read(range, parse_command_range)) return;
  out.commands.push_back(range);
  out.command_marks.push_back(item.at());
}

}  // namespace parley::host
