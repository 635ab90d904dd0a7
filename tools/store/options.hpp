// The command lines of parley-store.
#pragma once

#include <string>
#include <vector>

namespace parley::store {

struct copy_options {
  std::string from, to;              // --from, --to, else $PARLEY_COPY_FROM and $PARLEY_COPY_TO
  std::vector<std::string> plugins;  // directories
  std::string parleyd;               // describes them
  bool verify_only = false;
  bool json = false;
  bool help = false;
};

extern const char* const copy_usage;

/// `directory` is where this program is: parleyd stands beside it. Throws trouble.
copy_options read_copy_options(const std::vector<std::string>& words, const std::string& directory);

}  // namespace parley::store
