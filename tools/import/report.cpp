#include "import/report.hpp"

#include <cstdio>

namespace parley::teamtalk {

using json_object = nlohmann::ordered_json;

void report::begin(const std::string& step) {
  entries_.push_back({step, "interrupted", json_object::object(), {}});
  told_ = {};
  say(step + " ...");
}

void report::end(const std::string& state) {
  entries_.back().state = state;
  say(entries_.back().step + ": " + state);
}

void report::count(const std::string& name, std::uint64_t value) {
  entries_.back().counts[name] = value;
}

void report::remark(std::string sentence) {
  entries_.back().remarks.push_back(std::move(sentence));
}

void report::progress(std::uint64_t done, std::uint64_t of) {
  const auto now = std::chrono::steady_clock::now();
  if (now - told_ < std::chrono::seconds(1)) return;
  told_ = now;
  say(entries_.back().step + ": " + std::to_string(done) + " of " + std::to_string(of));
}

void report::say(const std::string& line) const {
  std::fprintf(stderr, "%s\n", line.c_str());
}

std::string report::table() const {
  std::string out = dry_ ? "dry run: nothing was changed\n" : "";
  for (const auto& e : entries_) {
    std::string name = e.step;
    name.resize(std::max<std::size_t>(22, name.size()), ' ');
    out += name + e.state + "\n";
    for (const auto& [key, value] : e.counts.items()) {
      std::string shown = "  " + key;
      shown.resize(std::max<std::size_t>(46, shown.size() + 1), ' ');
      out += shown + value.dump() + "\n";
    }
    for (const auto& sentence : e.remarks) out += "  " + sentence + "\n";
  }
  return out;
}

std::string report::json() const {
  json_object out{{"dry_run", dry_}, {"steps", json_object::array()}};
  for (const auto& e : entries_) {
    out["steps"].push_back({{"name", e.step}, {"state", e.state}, {"counts", e.counts}, {"remarks", e.remarks}});
  }
  return out.dump(2, ' ', false, json_object::error_handler_t::replace) + "\n";
}

}  // namespace parley::teamtalk
