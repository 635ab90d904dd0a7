#include "bench/report.hpp"

#include <cstdio>

namespace parley::bench {
namespace {

std::string decimal(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + '"';
}

double milliseconds(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

}  // namespace

void report::parameter(std::string_view name, std::string_view value) {
  parameters_.push_back({std::string(name), quoted(value), std::string(value)});
}

void report::parameter(std::string_view name, std::uint64_t value) {
  parameters_.push_back({std::string(name), std::to_string(value), std::to_string(value)});
}

void report::count(std::string_view name, std::uint64_t value) {
  results_.push_back({std::string(name), std::to_string(value), grouped(value)});
}

void report::rate(std::string_view name, std::uint64_t events, std::uint64_t nanoseconds) {
  const double per_second = nanoseconds == 0 ? 0 : static_cast<double>(events) * 1e9 / static_cast<double>(nanoseconds);
  results_.push_back(
      {std::string(name), decimal(per_second, 1), grouped(static_cast<std::uint64_t>(per_second)) + " /s"});
}

void report::quantity(std::string_view name, double value, std::string_view unit) {
  results_.push_back({std::string(name), decimal(value, 3), decimal(value, 1) + " " + std::string(unit)});
}

void report::latency(std::string_view name, const histogram& times) {
  constexpr struct {
    double share;
    const char* suffix;
  } wanted[] = {{0.5, "_p50_ms"}, {0.99, "_p99_ms"}, {0.999, "_p999_ms"}};
  for (const auto& [share, suffix] : wanted) {
    const std::string value = decimal(milliseconds(times.quantile(share)), 3);
    results_.push_back({std::string(name) + suffix, value, value + " ms"});
  }
}

void report::violations(std::string_view name, std::uint64_t value) {
  count(name, value);
  if (value > 0) {
    failed_ = true;
    results_.back().shown += "   <-- must be 0";
  }
}

void report::fail(std::string sentence) {
  failed_ = true;
  remarks_.push_back(std::move(sentence));
}

int report::print() const {
  json_ ? print_json() : print_table();
  return failed_ ? 1 : 0;
}

void report::print_table() const {
  std::printf("parley-bench %s\n", bench_.c_str());
  for (const line& each : parameters_) std::printf("  %-22s %s\n", each.name.c_str(), each.shown.c_str());
  std::printf("  --\n");
  for (const line& each : results_) std::printf("  %-22s %s\n", each.name.c_str(), each.shown.c_str());
  for (const std::string& each : remarks_) std::printf("  %s\n", each.c_str());
  std::printf("  %-22s %s\n", "verified", failed_ ? "NO" : "yes");
}

void report::print_json() const {
  const auto joined = [](const auto& values, const auto& text_of) {
    std::string out;
    for (const auto& each : values) {
      if (!out.empty()) out += ',';
      out += text_of(each);
    }
    return out;
  };
  const auto member = [](const line& each) { return quoted(each.name).append(":").append(each.json); };
  std::printf("{\"bench\":%s,\"parameters\":{%s},\"results\":{%s},\"remarks\":[%s],\"ok\":%s}\n",
              quoted(bench_).c_str(), joined(parameters_, member).c_str(), joined(results_, member).c_str(),
              joined(remarks_, quoted).c_str(), failed_ ? "false" : "true");
}

}  // namespace parley::bench
