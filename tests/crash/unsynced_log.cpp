#include "crash/unsynced_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <vector>

#include "support/failure.hpp"
#include "support/temp_dir.hpp"

namespace parley::crash {
namespace {

std::size_t undo(const std::filesystem::path& log) {
  std::string file = log.filename().string();
  for (char& c : file) {
    if (c == '%') c = '/';
  }
  const auto bytes = test::read_file(log);
  std::vector<std::pair<undo_record, std::size_t>> records;
  for (std::size_t at = 0; at + sizeof(undo_record) <= bytes.size();) {
    undo_record record{};
    std::memcpy(&record, bytes.data() + at, sizeof record);
    at += sizeof record;
    if (at + record.size > bytes.size()) break;  // killed while it was written: that write never happened
    records.emplace_back(record, at);
    at += record.size;
  }
  const int fd = open(file.c_str(), O_RDWR);
  if (fd < 0) return 0;  // it was removed, which is taken for lasting
  const auto size_before = lseek(fd, 0, SEEK_END);
  std::size_t lost = 0;
  for (auto each = records.rbegin(); each != records.rend(); ++each) {
    const auto& [record, at] = *each;
    lost += record.size;
    const auto done = pwrite(fd, bytes.data() + at, record.size, static_cast<off_t>(record.offset));
    if (done != static_cast<ssize_t>(record.size) || ftruncate(fd, static_cast<off_t>(record.file_size)) != 0) {
      throw test::failure("cannot undo " + file);
    }
  }
  const auto size_after = lseek(fd, 0, SEEK_END);
  if (size_before > size_after) lost += static_cast<std::size_t>(size_before - size_after);
  close(fd);
  return lost;
}

}  // namespace

std::size_t lose_unsynced(const std::string& directory) {
  std::size_t lost = 0;
  std::vector<std::filesystem::path> logs;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) logs.push_back(entry.path());
  for (const auto& log : logs) {
    lost += undo(log);
    std::filesystem::remove(log);
  }
  return lost;
}

}  // namespace parley::crash
