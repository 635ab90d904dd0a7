#include "tools/parleyctl/crashes.hpp"

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>

#include "host/crash/record.hpp"
#include "tools/parleyctl/table.hpp"

namespace parleyctl {

namespace fs = std::filesystem;
namespace crash = parley::host::crash;
using json = nlohmann::ordered_json;

namespace {

std::string hex(std::uint64_t value, const char* format = "0x%llx") {
  char text[32];
  std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(value));
  return text;
}

std::string time_text(std::uint64_t unix_ms) {
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  return text;
}

json row(const crash::record& r) {
  return {{"record", crash::name_of(r)},
          {"time", time_text(r.time_ms)},
          {"node", r.node},
          {"signal", r.signal},
          {"plugin", r.plugin.empty() ? json() : json(r.plugin)},
          {"generation", r.plugin.empty() ? json() : json(r.generation)},
          {"command", r.command ? json(hex(r.command, "0x%04llx")) : json()},
          {"thread", r.thread},
          {"in_probation", !r.previous_file.empty()}};
}

/// For a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

/// The staged copy is gone when the node has started again; the one beside the record stays.
std::string file_of(const crash::record& r, const crash::frame& f) {
  std::error_code failed;
  return fs::exists(f.file, failed) || r.file.empty() ? f.file : r.file;
}

/// "function at file:line" for each offset, or nothing.
std::vector<std::string> symbols(const std::string& file, const std::vector<std::uint64_t>& offsets) {
  std::vector<std::string> out;
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return out;
  std::string command = "addr2line -Cfp -e " + quoted(file);
  for (const auto offset : offsets) command += " " + hex(offset);
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " 2>/dev/null").c_str(), "r"), pclose);
  char line[4096];
  while (pipe && std::fgets(line, sizeof line, pipe.get())) {
    std::string text = line;
    if (!text.empty() && text.back() == '\n') text.pop_back();
    out.push_back(text.starts_with("??") ? "" : text);
  }
  return out;
}

std::vector<std::string> symbols_of(const crash::record& r) {
  std::map<std::string, std::vector<std::size_t>> by_file;
  for (std::size_t i = 0; i < r.frames.size(); ++i) by_file[file_of(r, r.frames[i])].push_back(i);
  std::vector<std::string> out(r.frames.size());
  for (const auto& [file, frames] : by_file) {
    std::vector<std::uint64_t> offsets;
    // A return address belongs to the line behind the call.
    for (const auto i : frames) offsets.push_back(r.frames[i].offset - (i > 0 && r.frames[i].offset > 0));
    const auto found = symbols(file, offsets);
    for (std::size_t k = 0; k < found.size() && k < frames.size(); ++k) out[frames[k]] = found[k];
  }
  return out;
}

}  // namespace

json crash_table(const std::string& directory) {
  json out = json::array();
  for (const auto& r : crash::read_records(directory)) out.push_back(row(r));
  return out;
}

json crash_details(const std::string& directory, const std::string& name) {
  for (const auto& r : crash::read_records(directory)) {
    if (name != "last" && crash::name_of(r) != name) continue;
    auto out = row(r);
    out["version"] = r.version;
    out["pid"] = r.pid;
    out["fault_address"] = r.fault_address;
    out["thread_name"] = r.thread_name;
    out["origin"] = r.origin;
    if (!r.thrown.empty()) out["thrown"] = r.thrown;
    out["attributed_by"] = r.attributed_by;
    if (!r.file.empty()) out["file"] = r.file;
    if (!r.previous_file.empty()) out["previous_file"] = r.previous_file;
    out["whole"] = r.whole;
    const auto names = symbols_of(r);
    json frames = json::array();
    for (std::size_t i = 0; i < r.frames.size(); ++i) {
      const auto& f = r.frames[i];
      frames.push_back(
          {{"address", hex(f.address)}, {"offset", hex(f.offset)}, {"file", f.file}, {"symbol", names[i]}});
    }
    out["frames"] = std::move(frames);
    return out;
  }
  throw std::runtime_error(name == "last" ? "no crash is recorded in " + directory
                                          : "there is no record " + name + " in " + directory +
                                                "; `parleyctl crashes` lists them");
}

std::string crash_text(const json& details) {
  auto head = details;
  head.erase("frames");
  std::string out = render(head);
  std::size_t number = 0;
  for (const auto& f : details["frames"]) {
    const auto symbol = safe(f["symbol"].get<std::string>());
    char start[16];
    std::snprintf(start, sizeof start, "#%-3zu", number++);
    out += start + (symbol.empty() ? "" : symbol + "  ") + "[" + fs::path(safe(f["file"])).filename().string() + "+" +
           f["offset"].get<std::string>() + "]\n";
  }
  return out;
}

}  // namespace parleyctl
