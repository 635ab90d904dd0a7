// Where the bytes of recordings are: msfs by HTTP, or its directory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::teamtalk {

/// A recording as it fits into a message, without the four bytes of its duration.
inline constexpr std::size_t longest_recording = (380 << 10) - 4;

struct recording {
  enum class state { found, missing, too_large, no_path } what = state::missing;
  std::string bytes;
};

/// "g0/000/001/name.ext" of a path or url as IMAudio has it; empty when there is none, or it would lead out of msfs.
std::string path_in_msfs(const std::string& stored);

class recording_source {
 public:
  /// http://HOST[:PORT][/PREFIX], or msfs' BaseDir. Throws trouble when it is neither.
  explicit recording_source(const std::string& place);

  /// Throws trouble (interrupted) when msfs does not answer.
  recording fetch(const std::string& stored_path) const;

 private:
  recording from_directory(const std::string& path) const;
  recording from_http(const std::string& path) const;

  std::string directory_;
  std::string host_, prefix_;
  std::string port_;
};

}  // namespace parley::teamtalk
