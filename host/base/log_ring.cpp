#include "host/base/log_ring.hpp"

#include <algorithm>

namespace parley::host {

namespace {

constexpr std::size_t most_text = 2048;

thread_local const log_origin* current_origin = nullptr;

}  // namespace

log_origin::log_origin(std::string_view p, std::uint32_t g, std::uint64_t s, std::string_view t)
    : plugin(p), generation(g), session(s), text(t) {
  current_origin = this;
}

log_origin::~log_origin() {
  current_origin = nullptr;
}

const log_origin* log_origin::current() {
  return current_origin;
}

void log_ring::sink_it_(const spdlog::details::log_msg& line) {
  log_line kept;
  if (lines_.size() >= most) {
    kept = std::move(lines_.front());
    lines_.pop_front();
  }
  kept.number = ++last_;
  kept.unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(line.time.time_since_epoch()).count();
  kept.level = line.level;
  kept.module.assign(line.logger_name.data(), line.logger_name.size());
  const auto* by = log_origin::current();
  kept.plugin = by ? by->plugin : std::string_view();
  kept.generation = by ? by->generation : 0;
  kept.session = by ? by->session : 0;
  kept.text = (by ? by->text : std::string_view(line.payload.data(), line.payload.size())).substr(0, most_text);
  lines_.push_back(std::move(kept));
}

log_ring::lines log_ring::behind(std::uint64_t after, spdlog::level::level_enum level, std::size_t limit) {
  std::lock_guard lock(mutex_);
  lines out;
  out.next = last_;
  for (auto at = lines_.rbegin(); at != lines_.rend() && at->number > after && out.found.size() < limit; ++at) {
    if (at->level >= level) out.found.push_back(*at);
  }
  std::reverse(out.found.begin(), out.found.end());
  return out;
}

}  // namespace parley::host
