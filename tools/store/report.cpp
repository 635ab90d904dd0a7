#include "store/report.hpp"

#include <unistd.h>

#include <cstdio>

namespace parley::store {

using json = nlohmann::ordered_json;

report::report() : terminal_(isatty(STDERR_FILENO) == 1) {}

void report::progress(const std::string& what, std::uint64_t done, std::uint64_t of) {
  const auto now = std::chrono::steady_clock::now();
  if (now - told_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000))) return;
  told_ = now;
  std::fprintf(stderr, "%s%s: %llu of %llu%s", terminal_ ? "\r\x1b[K" : "", what.c_str(),
               static_cast<unsigned long long>(done), static_cast<unsigned long long>(of), terminal_ ? "" : "\n");
  std::fflush(stderr);
  line_open_ = terminal_;
}

void report::clear_line() {
  if (line_open_) std::fputs("\r\x1b[K", stderr);
  line_open_ = false;
}

void report::say(const std::string& line) {
  clear_line();
  std::fprintf(stderr, "%s\n", line.c_str());
}

void report::compared(const std::string& table, std::uint64_t rows, std::uint64_t sum) {
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(sum));
  tables_.push_back({{"name", table}, {"rows", rows}, {"sum", hex}});
  rows_ += rows;
}

void report::print(bool as_json) const {
  json out = facts_;
  if (!tables_.empty()) out["rows"] = rows_;
  if (as_json) {
    if (!tables_.empty()) out["tables"] = tables_;
    std::fputs((out.dump(2, ' ', false, json::error_handler_t::replace) + "\n").c_str(), stdout);
    return;
  }
  for (const auto& [key, value] : out.items()) {
    std::string shown = key;
    shown.resize(std::max<std::size_t>(20, shown.size() + 1), ' ');
    std::printf("%s%s\n", shown.c_str(), (value.is_string() ? value.get<std::string>() : value.dump()).c_str());
  }
}

}  // namespace parley::store
