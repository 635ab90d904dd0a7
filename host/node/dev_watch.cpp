#include "host/node/dev_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

namespace parley::host {

namespace fs = std::filesystem;

dev_watch::dev_watch(loop& l, std::function<void(const std::string&, std::uint64_t)> built)
    : loop_(l), built_(std::move(built)), fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  poll_.data = timer_.data = this;
  uv_timer_init(loop_.raw(), &timer_);
  if (fd_ < 0) return;
  uv_poll_init(loop_.raw(), &poll_, fd_);
  uv_poll_start(&poll_, UV_READABLE, [](uv_poll_t* h, int, int) { static_cast<dev_watch*>(h->data)->read_events(); });
}

dev_watch::~dev_watch() {
  uv_close(reinterpret_cast<uv_handle_t*>(&timer_), nullptr);
  if (fd_ >= 0) uv_close(reinterpret_cast<uv_handle_t*>(&poll_), nullptr);
  loop_.turn(false);
  if (fd_ >= 0) close(fd_);
}

result<void> dev_watch::watch(const std::string& plugin, const std::string& file) {
  const fs::path path(file);
  const auto directory = path.parent_path().empty() ? "." : path.parent_path().string();
  auto found = directories_.find(directory);
  if (found == directories_.end()) {
    const int made =
        fd_ < 0 ? -1 : inotify_add_watch(fd_, directory.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_MODIFY | IN_CREATE);
    if (made < 0) {
      return error{status::unavailable, "cannot watch " + directory + " for builds: " + std::strerror(errno)};
    }
    found = directories_.emplace(directory, made).first;
  }
  files_[plugin] = {found->second, path.filename().string()};
  return {};
}

void dev_watch::again(const std::string& plugin) {
  touched(plugin);
}

void dev_watch::read_events() {
  alignas(inotify_event) char buffer[16384];
  for (;;) {
    const ssize_t got = read(fd_, buffer, sizeof buffer);
    if (got <= 0) return;
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      at += static_cast<ssize_t>(sizeof *event + event->len);
      const bool all = event->mask & IN_Q_OVERFLOW;  // whoever it was: unchanged files are left out later
      for (const auto& [plugin, where] : files_) {
        if (all || (event->wd == where.first && event->len > 0 && where.second == event->name)) touched(plugin);
      }
    }
  }
}

void dev_watch::touched(const std::string& plugin) {
  const auto now = loop_.now_ms();
  touched_.try_emplace(plugin, now, now).first->second.second = now;
  uv_timer_start(
      &timer_, [](uv_timer_t* t) { static_cast<dev_watch*>(t->data)->settle(); }, quiet_ms, 0);
}

void dev_watch::settle() {
  const auto now = loop_.now_ms();
  std::vector<std::pair<std::string, std::uint64_t>> finished;
  for (const auto& [plugin, when] : touched_) {
    if (now - when.second >= quiet_ms) finished.emplace_back(plugin, when.first);
  }
  for (const auto& [plugin, since] : finished) touched_.erase(plugin);
  if (!touched_.empty()) {
    uv_timer_start(
        &timer_, [](uv_timer_t* t) { static_cast<dev_watch*>(t->data)->settle(); }, quiet_ms, 0);
  }
  for (const auto& [plugin, since] : finished) built_(plugin, since);
}

}  // namespace parley::host
