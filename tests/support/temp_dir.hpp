#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace parley::test {

/// A directory of its own, gone with the object. Its path is short: a Unix socket has to fit below it.
class temp_dir {
 public:
  temp_dir();
  ~temp_dir();
  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Whether what is written there is gone with the machine's power, whoever synced it.
bool lies_in_memory(const std::filesystem::path& path);

void write_file(const std::filesystem::path& path, std::string_view text);
/// Empty when there is none.
std::string read_file(const std::filesystem::path& path);
/// The last lines of a text, for failure reports.
std::string last_lines(std::string_view text, std::size_t lines);

}  // namespace parley::test
