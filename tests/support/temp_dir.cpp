#include "support/temp_dir.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <cstdlib>
#include <fstream>

#include "support/failure.hpp"

namespace parley::test {

temp_dir::temp_dir() {
  const char* base = std::getenv("TMPDIR");
  std::string pattern = std::string(base && *base ? base : "/tmp") + "/parley.XXXXXX";
  if (!mkdtemp(pattern.data())) throw failure("no temporary directory: " + pattern);
  path_ = pattern;
}

temp_dir::~temp_dir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

bool lies_in_memory(const std::filesystem::path& path) {
  struct statfs fs {};
  return statfs(path.c_str(), &fs) == 0 && (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC);
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!out.flush()) throw failure("cannot write " + path.string());
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string out;
  // In blocks: a sanitizer looks at every step of an iterator.
  for (std::string block(64 << 10, '\0');
       in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount();) {
    out.append(block, 0, static_cast<std::size_t>(in.gcount()));
  }
  return out;
}

std::string last_lines(std::string_view text, std::size_t lines) {
  std::size_t at = text.size();
  for (std::size_t i = 0; i <= lines && at != std::string_view::npos && at > 0; ++i) at = text.rfind('\n', at - 1);
  return std::string(at == std::string_view::npos || at == 0 ? text : text.substr(at + 1));
}

}  // namespace parley::test
