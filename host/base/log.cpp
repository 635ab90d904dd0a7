#include "host/base/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <mutex>

namespace parley::host {

namespace {

constexpr const char* pattern = "%Y-%m-%dT%H:%M:%S.%e %l [%n] %v";

struct log_state {
  std::mutex mutex;
  // Every logger's, for good: other threads write while the loop changes where to.
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sink = std::make_shared<spdlog::sinks::dist_sink_mt>(
      std::vector<spdlog::sink_ptr>{std::make_shared<spdlog::sinks::stderr_sink_mt>()});
  log_config config;
};

// The one process-wide object: lines are written before a node exists and after it is gone.
log_state& state() {
  static log_state s;
  return s;
}

spdlog::level::level_enum level_of(const log_config& config, const std::string& module) {
  auto found = config.modules.find(module);
  return spdlog::level::from_str(found == config.modules.end() ? config.level : found->second);
}

}  // namespace

void configure_log(const log_config& config) {
  auto& s = state();
  std::lock_guard lock(s.mutex);
  s.config = config;
  if (!config.file.empty()) {
    auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.file);
    file->set_pattern(pattern);
    s.sink->set_sinks({std::move(file)});
  }
  spdlog::apply_all([&](const std::shared_ptr<spdlog::logger>& l) { l->set_level(level_of(config, l->name())); });
}

std::shared_ptr<spdlog::logger> log_of(const std::string& module) {
  if (auto found = spdlog::get(module)) return found;
  auto& s = state();
  std::lock_guard lock(s.mutex);
  if (auto found = spdlog::get(module)) return found;
  auto made = std::make_shared<spdlog::logger>(module, s.sink);
  made->set_pattern(pattern);
  made->set_level(level_of(s.config, module));
  made->flush_on(spdlog::level::info);
  spdlog::register_logger(made);
  return made;
}

std::string printable(std::string_view text) {
  static constexpr std::size_t most = 1024;
  std::string out;
  for (unsigned char c : text.substr(0, most)) {
    if (c >= 0x20 && c != 0x7f) {
      out += static_cast<char>(c);
    } else {
      out += fmt::format("\\x{:02x}", c);
    }
  }
  if (text.size() > most) out += "...";
  return out;
}

bool log_gate::open(const std::string& key, std::uint64_t now_ms, std::uint64_t& suppressed) {
  if (seen_.size() >= 4096) seen_.clear();
  auto [it, fresh] = seen_.try_emplace(key, entry{now_ms, 0});
  suppressed = it->second.suppressed;
  if (fresh) return true;
  if (now_ms - it->second.since >= 60000) {
    it->second = {now_ms, 0};
    return true;
  }
  ++it->second.suppressed;
  return false;
}

}  // namespace parley::host
