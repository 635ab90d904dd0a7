// A file of recorded PDUs: one JSON object per line, the first {"parley_recording":1}.
//
//   {"t":MS,"s":SESSION,"u":USER,"in":true,"c":COMMAND,"q":SEQ,"b":BASE64}   t from the start; in: from the client
//   {"t":MS,...,"cut":SIZE}                                                  a body too long for tap (16 KiB), left out
//   {"lost":N}                                                               so many PDUs are missing here
#pragma once

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace parleyctl {

struct recorded_pdu {
  std::uint64_t at_ms = 0;
  std::uint64_t session = 0;
  std::uint64_t user = 0;
  bool in = true;
  std::uint16_t command = 0;
  std::uint16_t seq = 0;
  std::string body;
  std::uint64_t cut = 0;  // its true size when the body was too long to be recorded
};

struct recording {
  std::vector<recorded_pdu> pdus;
  std::uint64_t lost = 0;
};

/// Makes a file that only this user can read, and never grows over `most` bytes. Throws std::runtime_error.
class recording_writer {
 public:
  /// The file must not be there.
  recording_writer(const std::string& file, std::uint64_t most);
  recording_writer(const recording_writer&) = delete;
  ~recording_writer();
  /// False when it does not fit any more; then nothing was written, and the file is whole.
  bool add(const recorded_pdu& pdu);
  bool add_lost(std::uint64_t count);
  std::uint64_t written() const { return written_; }

 private:
  bool line(const nlohmann::ordered_json& json);
  std::string file_;
  int fd_ = -1;
  std::uint64_t most_;
  std::uint64_t written_ = 0;
};

/// Throws std::runtime_error naming file and line. A last line that was cut off is left out.
recording read_recording(const std::string& file);

}  // namespace parleyctl
