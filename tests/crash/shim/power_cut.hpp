// What a power cut leaves of files that a shimmed process wrote.
#pragma once

#include <cstdint>
#include <filesystem>

namespace parley::crash {

enum class loss {
  everything,  ///< nothing that was not synced has reached the disk
  some,        ///< any of its sectors of 512 bytes may have, as the seed says
};

/// Applies every log in `undo` to the files below `data`, and removes the logs. Returns how many bytes were taken away.
/// Only when the processes that wrote them are dead. Throws test::failure.
std::uint64_t cut_power(const std::filesystem::path& data, const std::filesystem::path& undo, loss how,
                        std::uint64_t seed);

}  // namespace parley::crash
