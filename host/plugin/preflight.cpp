#include "host/plugin/preflight.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "host/plugin/helper_process.hpp"

namespace parley::host {

namespace {

using json = nlohmann::json;

/// The request as a file that has no name: one line of JSON, then the state as it is.
class request_file {
 public:
  explicit request_file(const preflight_request& request) : fd_(memfd_create("preflight", MFD_CLOEXEC)) {
    json config = json::object();
    for (const auto& [key, v] : request.config.config) {
      config[key] = {{"text", v.text}, {"file", v.at.file}, {"line", v.at.line}, {"column", v.at.column}};
    }
    json pools = json::array();
    for (const auto& p : request.pools) {
      pools.push_back({{"name", p.name},
                       {"url", p.url},
                       {"deadline", p.deadline.count()},
                       {"lock_timeout", p.lock_timeout.count()}});
    }
    json head = {{"name", request.config.name},     {"config", std::move(config)},     {"pools", std::move(pools)},
                 {"named", request.config.pools},   {"deadline", request.deadline_ms}, {"has_state", request.state.any},
                 {"version", request.state.version}};
    write_request(head.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
    write_request(request.state.bytes);
    if (fd_ >= 0) lseek(fd_, 0, SEEK_SET);
  }
  request_file(const request_file&) = delete;
  ~request_file() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool whole() const { return fd_ >= 0 && whole_; }

 private:
  void write_request(std::string_view text) {
    while (fd_ >= 0 && whole_ && !text.empty()) {
      const ssize_t sent = ::write(fd_, text.data(), text.size());
      whole_ = sent > 0 || (sent < 0 && errno == EINTR);
      if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  int fd_;
  bool whole_ = true;
};

}  // namespace

result<plugin_info> preflight(const preflight_request& request) {
  const request_file input(request);
  if (!input.whole()) {
    return error{status::unavailable, request.file + ": no room for its preflight's request: " + std::strerror(errno)};
  }
  helper_process helper({request.executable,
                         {"preflight", request.copy, request.file},
                         request.file,
                         input.get(),
                         "did not pass its preflight within " + std::to_string(request.deadline_ms) +
                             " ms (reload.preflight): does it wait for something when it is loaded, made or tested?"});
  const auto deadline = helper_process::clock::now() + std::chrono::milliseconds(request.deadline_ms);
  collect({&helper}, deadline);
  auto said = helper.take(deadline);
  if (!said) return said.failure();
  const auto answer = json::parse(*said, nullptr, false);
  if (!answer.is_object()) {
    return error{status::fault, request.file + ": its preflight ended without a verdict" + helper.said()};
  }
  if (answer.contains("error")) {
    const auto text = answer.value("error", std::string());
    return error{static_cast<status>(answer.value("code", PARLEY_FAULT)),
                 request.file + ": " + text + (answer.value("log", false) ? helper.said() : "")};
  }
  auto info = info_from_json(*said);
  if (info) info->file = request.file;
  return info;
}

}  // namespace parley::host
