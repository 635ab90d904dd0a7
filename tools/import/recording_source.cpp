#include "import/recording_source.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>

#include "import/http_get.hpp"
#include "import/trouble.hpp"

namespace parley::teamtalk {
namespace {

constexpr std::string_view scheme = "http://";

recording judged(std::string bytes) {
  if (bytes.size() > longest_recording) return {recording::state::too_large, {}};
  return {recording::state::found, std::move(bytes)};
}

}  // namespace

std::string path_in_msfs(const std::string& stored) {
  std::string path = stored;
  if (const auto at = path.find("://"); at != std::string::npos) {
    const auto slash = path.find('/', at + 3);
    path = slash == std::string::npos ? std::string() : path.substr(slash);
  }
  path.erase(0, path.find_first_not_of('/'));
  path = path.substr(0, path.find_first_of("?#"));
  for (const unsigned char c : path) {
    if (c <= ' ' || c == 0x7f) return {};
  }
  const bool whole = path.find('/') != std::string::npos && !path.ends_with('/');
  return whole && ("/" + path + "/").find("/../") == std::string::npos ? path : std::string();
}

recording_source::recording_source(const std::string& place) {
  if (!place.starts_with(scheme)) {
    if (place.find("://") != std::string::npos) {
      throw trouble("--msfs: expected http://HOST[:PORT], or msfs' BaseDir; for https put a tunnel before it");
    }
    std::error_code failed;
    if (!std::filesystem::is_directory(place, failed)) {
      throw trouble("--msfs: " + place + " is no directory; it is BaseDir of msfs.conf, or the url http://HOST:8700");
    }
    directory_ = place;
    return;
  }
  auto rest = place.substr(scheme.size());
  const auto slash = rest.find('/');
  prefix_ = slash == std::string::npos ? "/" : rest.substr(slash);
  if (!prefix_.ends_with('/')) prefix_ += '/';
  rest = rest.substr(0, slash);
  const auto colon = rest.rfind(':');
  host_ = rest.substr(0, colon);
  port_ = colon == std::string::npos ? "80" : rest.substr(colon + 1);
  unsigned number = 0;
  const auto [end, wrong] = std::from_chars(port_.data(), port_.data() + port_.size(), number);
  if (host_.empty() || wrong != std::errc() || end != port_.data() + port_.size() || number == 0 || number > 65535) {
    throw trouble("--msfs: expected http://HOST:PORT, the port from 1 to 65535");
  }
}

recording recording_source::fetch(const std::string& stored_path) const {
  const auto path = path_in_msfs(stored_path);
  if (path.empty()) return {recording::state::no_path, {}};
  return directory_.empty() ? from_http(path) : from_directory(path);
}

/// The first part of the path is the group, which is no directory.
recording recording_source::from_directory(const std::string& path) const {
  const auto file = std::filesystem::path(directory_) / path.substr(path.find('/') + 1);
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) return {};
  if (std::filesystem::file_size(file, failed) > longest_recording) return {recording::state::too_large, {}};
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad())
    throw trouble("cannot read " + file.string() + "; give this user the right to", interrupted);
  return judged(std::move(bytes));
}

recording recording_source::from_http(const std::string& path) const {
  constexpr int attempts = 3;
  std::string why;
  for (int i = 0; i < attempts; ++i) {
    auto got = http_get(host_, port_, prefix_ + path, longest_recording);
    if (got.too_large) return {recording::state::too_large, {}};
    if (got.status == 200) return judged(std::move(got.body));
    if (got.status == 404) return {};
    why = got.status ? "it answers " + std::to_string(got.status) : got.error;
  }
  throw trouble("--msfs: " + host_ + ":" + port_ + prefix_ + path + ": " + why +
                    "; what is done stays: start msfs and run the same command again",
                interrupted);
}

}  // namespace parley::teamtalk
