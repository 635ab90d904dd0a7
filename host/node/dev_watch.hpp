// Which plugin files the build has just finished: for `parleyd run --dev`.
#pragma once

#include <uv.h>

#include <functional>
#include <map>
#include <set>
#include <string>

#include "host/net/loop.hpp"
#include "parley/status.hpp"

namespace parley::host {

/// Watches directories, not files: linkers replace files. A file counts as finished when it was closed or moved into
/// its place and nothing has touched it for `quiet_ms`. [loop]
class dev_watch {
 public:
  static constexpr std::uint64_t quiet_ms = 30;

  /// `built` gets the plugin's name and when its file was first touched (loop clock).
  dev_watch(loop& l, std::function<void(const std::string& plugin, std::uint64_t since_ms)> built);
  dev_watch(const dev_watch&) = delete;
  ~dev_watch();

  /// Watches this file for the plugin, instead of what was watched for it. The error names the directory.
  result<void> watch(const std::string& plugin, const std::string& file);
  /// Looks at the plugin again in a moment: its file was not whole.
  void again(const std::string& plugin);

 private:
  void read_events();
  void touched(const std::string& plugin);
  void settle();

  loop& loop_;
  std::function<void(const std::string&, std::uint64_t)> built_;
  int fd_ = -1;
  uv_poll_t poll_;
  uv_timer_t timer_;
  std::map<std::string, int> directories_;                                  // path -> watch
  std::map<std::string, std::pair<int, std::string>> files_;                // plugin -> watch, file name
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> touched_;  // plugin -> first, last; loop clock
};

}  // namespace parley::host
