#include "tools/parleyctl/new_plugin.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "tools/parleyctl/kit.hpp"

namespace parleyctl {

namespace fs = std::filesystem;

namespace {

constexpr const char* new_plugin_usage = "usage: parleyctl new-plugin NAME [--dir DIRECTORY] [--command 0x8200]";
constexpr std::uint32_t first_free_command = 0x8000;  // the range of third parties, proto/README.md 6
constexpr std::uint32_t commands_used = 4;

struct wishes {
  std::string name;
  fs::path directory;
  std::uint32_t command = 0x8200;
};

void check_name(const std::string& name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (name.empty() || name.size() > 48 || name[0] < 'a' || name[0] > 'z' ||
      !std::all_of(name.begin(), name.end(), allowed))
    throw std::runtime_error("a plugin's name is at most 48 of a-z, 0-9 and _, beginning with a letter: my_module");
  // Its tables are NAME_note; its target is NAME, which CMake keeps some words from.
  static constexpr std::array<std::string_view, 19> taken = {
      "all",   "buddy",   "clean", "echo",    "file",   "group", "help",  "host", "http_admin", "install",
      "login", "message", "msfs",  "package", "parley", "push",  "route", "test", "web_chat"};
  if (std::find(taken.begin(), taken.end(), name) != taken.end())
    throw std::runtime_error("the name " + name + " is taken, by Parley or by CMake: choose another");
}

std::uint32_t command_id(const std::string& text) {
  char* end = nullptr;
  const auto value = std::strtoul(text.c_str(), &end, 0);
  if (text.empty() || text[0] == '-' || *end != '\0' || value < first_free_command ||
      value + commands_used - 1 > 0xFFFF)
    throw std::runtime_error("--command takes the first of 4 ids between 0x8000 and 0xFFFF, found \"" + text + "\"");
  return static_cast<std::uint32_t>(value);
}

wishes read_wishes(const std::vector<std::string>& words) {
  wishes w;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool option = words[i].starts_with("--");
    if (option && words[i] != "--dir" && words[i] != "--command")
      throw std::runtime_error("new-plugin does not know " + words[i] + "; " + new_plugin_usage);
    if (option && i + 1 == words.size()) throw std::runtime_error(words[i] + " needs a value");
    if (words[i] == "--dir") {
      w.directory = words[++i];
    } else if (words[i] == "--command") {
      w.command = command_id(words[++i]);
    } else if (w.name.empty()) {
      w.name = words[i];
    } else {
      throw std::runtime_error(std::string("one plugin at a time; ") + new_plugin_usage);
    }
  }
  if (w.name.empty()) throw std::runtime_error(new_plugin_usage);
  check_name(w.name);
  if (w.directory.empty()) w.directory = w.name;
  w.directory = fs::absolute(w.directory).lexically_normal();
  if (!w.directory.has_filename()) w.directory = w.directory.parent_path();
  return w;
}

std::string hex(std::uint32_t command) {
  char text[8];
  std::snprintf(text, sizeof text, "0x%04X", command);
  return text;
}

using values = std::map<std::string, std::string>;

values values_for(const wishes& w) {
  std::string upper = w.name;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return {{"name", w.name},
          {"NAME", upper},
          {"dir", w.directory.string()},
          {"prefix", kit_prefix()},
          {"command_keep", hex(w.command)},
          {"reply_keep", hex(w.command + 1)},
          {"command_list", hex(w.command + 2)},
          {"reply_list", hex(w.command + 3)}};
}

/// @word@ replaced; an @ that begins no known word stays.
std::string filled(const std::string& text, const values& known) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text[at] == '@' ? text.find('@', at + 1) : std::string::npos;
    const auto found = end == std::string::npos ? known.end() : known.find(text.substr(at + 1, end - at - 1));
    if (found == known.end()) {
      out += text[at++];
    } else {
      out += found->second;
      at = end + 1;
    }
  }
  return out;
}

std::string read_all(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + file.string() + ": this kit is not whole");
  return text.str();
}

/// "plugin_test.cpp.in" of the template -> "poll_test.cpp" of the module.
std::string file_name(const std::string& name, const std::string& plugin) {
  const std::string bare = name.substr(0, name.size() - 3);
  for (const std::string_view stem : {"plugin", "manifest"}) {
    if (bare.starts_with(stem)) return plugin + bare.substr(stem.size());
  }
  return bare;
}

}  // namespace

std::string new_plugin(const std::vector<std::string>& words) {
  const auto w = read_wishes(words);
  const fs::path from = kit_share() / "new-plugin";
  const auto known = values_for(w);
  std::map<std::string, std::string> files;
  std::error_code failed;
  for (fs::directory_iterator entry(from, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(".in")) files[file_name(name, w.name)] = filled(read_all(entry->path()), known);
  }
  if (failed || files.empty()) throw std::runtime_error("no template at " + from.string() + ": this kit is not whole");

  if (fs::exists(w.directory, failed))
    throw std::runtime_error(w.directory.string() + " is there already: name another with --dir");
  fs::create_directories(w.directory, failed);
  if (failed) throw std::runtime_error("cannot make " + w.directory.string() + ": " + failed.message());
  for (const auto& [name, text] : files) {
    std::ofstream out(w.directory / name, std::ios::binary);
    out << text;
    out.close();
    if (!out) {
      fs::remove_all(w.directory, failed);
      throw std::runtime_error("cannot write " + (w.directory / name).string());
    }
  }
  return w.directory.string() + " has a plugin, its test, its manifest and a README. Next:\n  cmake -S " +
         w.directory.string() + " -B " + (w.directory / "build").string() + " -DCMAKE_PREFIX_PATH=" + kit_prefix() +
         "\n  cmake --build " + (w.directory / "build").string() + "\n  ctest --test-dir " +
         (w.directory / "build").string() + "\n";
}

}  // namespace parleyctl
