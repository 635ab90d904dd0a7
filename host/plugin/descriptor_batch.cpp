#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "host/plugin/descriptor_helper.hpp"

namespace parley::host {

namespace {

constexpr std::size_t most_at_once = 16;

using helpers = std::vector<std::unique_ptr<descriptor_helper>>;

using clock = descriptor_helper::clock;

int milliseconds_until(clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
  return static_cast<int>(std::max<decltype(left)>(0, left));
}

/// Reads all of them until each has ended or the time is over.
void collect(helpers& running, clock::time_point deadline) {
  while (std::any_of(running.begin(), running.end(), [](const auto& h) { return !h->finished(); })) {
    std::vector<pollfd> waiting;
    for (const auto& helper : running) {
      for (const int fd : helper->descriptors()) waiting.push_back({fd, POLLIN, 0});
    }
    const int ready = poll(waiting.data(), waiting.size(), milliseconds_until(deadline));
    if (ready == 0 || (ready < 0 && errno != EINTR)) return;
    for (std::size_t i = 0; ready > 0 && i < waiting.size(); ++i) {
      if (waiting[i].revents != 0) running[i / 2]->read_some(i % 2);
    }
  }
}

}  // namespace

std::vector<result<plugin_info>> describe_all(const std::string& executable, const std::vector<std::string>& files,
                                              std::uint32_t timeout_ms) {
  std::vector<result<plugin_info>> results;
  for (std::size_t next = 0; next < files.size();) {
    helpers running;
    for (; next < files.size() && running.size() < most_at_once; ++next) {
      running.push_back(std::make_unique<descriptor_helper>(executable, files[next]));
    }
    const auto deadline = clock::now() + std::chrono::milliseconds(timeout_ms);
    collect(running, deadline);
    for (const auto& helper : running) results.push_back(helper->take(deadline));
  }
  return results;
}

result<plugin_info> describe_in_helper(const std::string& executable, const std::string& file,
                                       std::uint32_t timeout_ms) {
  return describe_all(executable, {file}, timeout_ms).front();
}

}  // namespace parley::host
