// The newest lines of the log, for those who look on from elsewhere. [any]
#pragma once

#include <spdlog/sinks/base_sink.h>

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace parley::host {

/// Of a line that a plugin writes: who it was. Stands while the line is logged.
class log_origin {
 public:
  /// `text`: the line without the words that name the origin.
  log_origin(std::string_view plugin, std::uint32_t generation, std::uint64_t session, std::string_view text);
  log_origin(const log_origin&) = delete;
  ~log_origin();
  static const log_origin* current();

  std::string_view plugin;
  std::uint32_t generation;
  std::uint64_t session;
  std::string_view text;
};

struct log_line {
  std::uint64_t number = 0;  // from 1
  std::int64_t unix_ms = 0;
  spdlog::level::level_enum level = spdlog::level::info;
  std::string module;  // the logger's name
  std::string plugin;  // empty: the host wrote it
  std::uint32_t generation = 0;
  std::uint64_t session = 0;
  std::string text;  // at most 2 KiB
};

class log_ring final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  static constexpr std::size_t most = 2000;

  struct lines {
    std::uint64_t next = 0;  // the newest line's number, whether it is among them or not
    std::vector<log_line> found;
  };
  /// The newest `limit` lines behind number `after` that are as grave as `level`, oldest first.
  lines behind(std::uint64_t after, spdlog::level::level_enum level, std::size_t limit);

 protected:
  void sink_it_(const spdlog::details::log_msg& line) override;
  void flush_() override {}

 private:
  std::deque<log_line> lines_;
  std::uint64_t last_ = 0;
};

}  // namespace parley::host
