#include "host/crash/record.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace parley::host::crash {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view first_line = "parley crash record 1";
constexpr std::uintmax_t longest_record = 64 << 10;

std::uint64_t number_in(std::string_view text) {
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  return value;
}

std::string_view word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const auto out = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return out;
}

/// NUMBER ADDRESS OFFSET FILE, the file being the rest of the line.
frame read_frame(std::string_view value) {
  word(value);
  frame out;
  out.address = number_in(word(value));
  out.offset = number_in(word(value));
  out.file = value;
  return out;
}

void take(record& r, std::string_view key, std::string_view value) {
  const struct {
    std::string_view key;
    std::string& text;
  } texts[] = {{"node", r.node},     {"version", r.version},
               {"signal", r.signal}, {"fault_address", r.fault_address},
               {"thread", r.thread}, {"thread_name", r.thread_name},
               {"thrown", r.thrown}, {"origin", r.origin},
               {"plugin", r.plugin}, {"attributed_by", r.attributed_by},
               {"file", r.file},     {"previous_file", r.previous_file}};
  for (const auto& t : texts) {
    if (t.key == key) t.text = value;
  }
  if (key == "time_ms") r.time_ms = number_in(value);
  if (key == "pid") r.pid = number_in(value);
  if (key == "command") r.command = static_cast<std::uint32_t>(number_in(value));
  if (key == "generation") r.generation = static_cast<std::uint32_t>(number_in(value));
  if (key == "frame") r.frames.push_back(read_frame(value));
  if (key == "running") {  // overruled by what the backtrace says, which comes later
    r.plugin = word(value);
    r.generation = static_cast<std::uint32_t>(number_in(value));
    r.attributed_by = "running";
  }
}

std::vector<fs::path> record_files(const std::string& directory) {
  std::vector<fs::path> out;
  std::error_code failed;
  for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() == ".crash") out.push_back(entry->path());
  }
  // Their names begin with the time in milliseconds, which has 13 digits until the year 2286.
  std::sort(out.begin(), out.end(), std::greater<>());
  return out;
}

}  // namespace

std::string name_of(const record& r) {
  return fs::path(r.path).stem().string();
}

record parse_record(std::string_view text) {
  record r;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line == "end") r.whole = true;
    if (const auto colon = line.find(": "); colon != std::string_view::npos)
      take(r, line.substr(0, colon), line.substr(colon + 2));
  }
  return r;
}

std::vector<record> read_records(const std::string& directory) {
  std::vector<record> out;
  for (const auto& path : record_files(directory)) {
    std::error_code failed;
    const auto size = fs::file_size(path, failed);
    if (failed || size > longest_record) continue;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || !text.view().starts_with(first_line)) continue;
    out.push_back(parse_record(text.view()));
    out.back().path = path.string();
  }
  return out;
}

void prune_records(const std::string& directory, std::size_t most) {
  const auto files = record_files(directory);
  std::error_code ignored;
  for (std::size_t i = most; i < files.size(); ++i) {
    for (const char* kept : {".so", ".previous.so"}) {
      fs::remove(fs::path(files[i]).replace_extension() += kept, ignored);
    }
    fs::remove(files[i], ignored);
  }
}

}  // namespace parley::host::crash
