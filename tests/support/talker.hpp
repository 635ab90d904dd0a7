// Somebody at a parley-chat, who types lines and reads what it prints.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace parley::test {

class talker {
 public:
  /// Logs in with the password that tests give a user, and waits until it is done. Files it fetches go to files().
  talker(std::uint16_t port, const std::string& user, const std::vector<std::string>& more_arguments = {});

  void type(const std::string& line);
  /// Waits for a line with this in it, behind the last one that was waited for, and returns it; throws failure with all
  /// that it printed when none comes.
  std::string reads(const std::string& text);
  /// Types, and waits for what comes of it.
  std::string says(const std::string& line, const std::string& then_reads) {
    type(line);
    return reads(then_reads);
  }
  std::filesystem::path files() const { return scratch_.path() / "files"; }
  /// How often it printed this, all in all.
  std::size_t count_of(const std::string& text) const;
  /// The end of its input; what it ends with.
  int leaves();

 private:
  std::string printed() const { return read_file(scratch_.path() / "output"); }

  std::string user_;
  temp_dir scratch_;
  process process_;
  std::size_t at_ = 0;  ///< in what it printed
};

}  // namespace parley::test
