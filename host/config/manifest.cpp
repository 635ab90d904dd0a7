#include "host/config/manifest.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <tuple>

#include "host/config/manifest_parts.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

constexpr std::size_t longest_socket_path = 107;  // sockaddr_un

void check_control_path(reading& r, const yaml_node& root, const manifest& config) {
  const std::string path = control_path(config);
  if (path.size() <= longest_socket_path) return;
  r.report(root.at, "the control socket's path " + in_quotes(path) + " is longer than the " +
                        std::to_string(longest_socket_path) +
                        " bytes a socket may have: set node.control to a shorter one");
}

}  // namespace

std::string diagnostic::to_string() const {
  std::string out = at.file;
  if (at.line > 0) out += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  return out + ": " + text;
}

void sort_diagnostics(std::vector<diagnostic>& errors) {
  std::stable_sort(errors.begin(), errors.end(), [](const diagnostic& a, const diagnostic& b) {
    return std::tie(a.at.file, a.at.line, a.at.column) < std::tie(b.at.file, b.at.line, b.at.column);
  });
}

std::string control_path(const manifest& config) {
  return config.control.empty() ? config.data + "/parleyd.sock" : config.control;
}

manifest parse_manifest(std::string_view text, const std::string& file, std::vector<diagnostic>& errors) {
  manifest out;
  out.file = file;
  const std::size_t before = errors.size();
  const std::optional<yaml_node> root = read_yaml(text, file, errors);
  reading r{file, errors};
  if (root && is_map(r, *root, "")) {
    fields top(r, *root, "");
    read_node(r, top, out);
    read_log(r, top, out);
    read_reload(r, top, out);
    read_listeners(r, top, out);
    read_cluster(r, top, out);
    read_pools(r, top, out);
    for (auto& pool : out.sql) pool.busy_poll = out.busy_poll;
    read_plugins(r, top, out);
    top.finish();
    check_control_path(r, *root, out);
  }
  std::vector<diagnostic> found(errors.begin() + static_cast<std::ptrdiff_t>(before), errors.end());
  sort_diagnostics(found);
  std::move(found.begin(), found.end(), errors.begin() + static_cast<std::ptrdiff_t>(before));
  return out;
}

manifest load_manifest(const std::string& path, std::vector<diagnostic>& errors) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  std::string text((1 << 20) + 1, '\0');  // one byte over the limit, for read_yaml to refuse
  const bool opened = stream.is_open();
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
  if (!opened || stream.bad() || (text.empty() && errno != 0)) {
    const std::string why = errno ? std::strerror(errno) : "it cannot be read";
    errors.push_back({{path, 0, 0}, "the manifest cannot be read: " + why});
    manifest none;
    none.file = path;
    return none;
  }
  return parse_manifest(text, path, errors);
}

}  // namespace parley::host
