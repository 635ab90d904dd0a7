// The command line of `parleyctl import-teamtalk`.
#pragma once

#include <string>
#include <vector>

namespace parley::teamtalk {

struct options {
  std::string mysql;               // --mysql, else $PARLEY_SQL
  std::vector<std::string> redis;  // TeamTalk's pools may be in several
  std::string msfs;                // a URL or a directory; empty: recordings stay where they are
  std::string plugins;             // where login.so and message.so are
  std::string parleyd;             // describes them
  bool dry = false;
  bool json = false;
  bool help = false;
};

extern const char* const usage_text;

/// `directory` is where this program is: parleyd stands beside it, and the plugins in ../plugins. Throws trouble.
options read_options(const std::vector<std::string>& words, const std::string& directory);

}  // namespace parley::teamtalk
