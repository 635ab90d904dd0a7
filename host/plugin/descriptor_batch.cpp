#include <memory>

#include "host/plugin/descriptor.hpp"
#include "host/plugin/helper_process.hpp"

namespace parley::host {

namespace {

constexpr std::size_t most_at_once = 16;

result<plugin_info> facts(result<std::string> said, const std::string& file) {
  if (!said) return said.failure();
  auto info = info_from_json(*said);
  if (!info) return error{status::malformed, file + ": its helper process answered " + info.text()};
  info->file = file;
  return info;
}

}  // namespace

std::vector<result<plugin_info>> describe_all(const std::string& executable, const std::vector<std::string>& files,
                                              std::uint32_t timeout_ms) {
  std::vector<result<plugin_info>> results;
  for (std::size_t next = 0; next < files.size();) {
    const auto first = next;
    std::vector<std::unique_ptr<helper_process>> running;
    std::vector<helper_process*> all;
    for (; next < files.size() && running.size() < most_at_once; ++next) {
      running.push_back(std::make_unique<helper_process>(
          helper_call{executable,
                      {"describe", files[next]},
                      files[next],
                      -1,
                      "was not described in time: does one of its static constructors wait for something?"}));
      all.push_back(running.back().get());
    }
    const auto deadline = helper_process::clock::now() + std::chrono::milliseconds(timeout_ms);
    collect(all, deadline);
    for (std::size_t i = 0; i < all.size(); ++i) results.push_back(facts(all[i]->take(deadline), files[first + i]));
  }
  return results;
}

result<plugin_info> describe_in_helper(const std::string& executable, const std::string& file,
                                       std::uint32_t timeout_ms) {
  return describe_all(executable, {file}, timeout_ms).front();
}

}  // namespace parley::host
