#include "selfbench/options.hpp"

#include <charconv>
#include <cstdlib>
#include <filesystem>

namespace parley::selfbench {

const char* const usage_text =
    "usage: parleyd selfbench [--seconds N] [--sql URL] [--directory DIR] [--sessions N] [--pairs N] [--json]\n"
    "\n"
    "What can this machine do? Starts a node of its own on free ports of 127.0.0.1, lets clients talk and measures:\n"
    "acknowledged messages per second (each committed and synced), how long an ack takes, and what an idle session "
    "costs.\n"
    "Everything it started and wrote is gone when it ends. The clients run on this machine, too, and take their "
    "share.\n"
    "  --seconds N      how long the clients talk: 1 to 600, default 5; a second or two are added for the rest\n"
    "  --sql URL        the database, as PARLEY_SQL takes it; it has to be empty, and is empty afterwards (which needs "
    "the\n"
    "                   right to DROP). Default: SQLite in the scratch directory\n"
    "  --directory DIR  where the scratch directory is made: on the disk in question. Default: $PARLEY_DATA if it is\n"
    "                   there, else here\n"
    "  --sessions N     idle sessions: 1 to 10000, default 5000\n"
    "  --pairs N        pairs of users who talk, each with 16 messages under way: 1 to 1000, default 50\n"
    "  --json           one JSON object\n"
    "\n"
    "Exit status: 0 measured, 1 something failed, 2 wrong usage or cannot begin.\n";

namespace {

bool number(const std::string& text, std::uint32_t most, std::uint32_t& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size() && out >= 1 && out <= most;
}

}  // namespace

options read_options(const std::vector<std::string>& words, std::string& wrong) {
  options o;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& name = words[i];
    const auto value = [&] { return ++i < words.size() ? words[i] : std::string(); };
    const auto take = [&](std::uint32_t most, std::uint32_t& out) {
      if (!number(value(), most, out)) wrong = name + " takes a number from 1 to " + std::to_string(most);
    };
    if (name == "--seconds") {
      take(600, o.seconds);
    } else if (name == "--sessions") {
      take(10000, o.sessions);
    } else if (name == "--pairs") {
      take(1000, o.pairs);
    } else if (name == "--sql" || name == "--directory") {
      auto& into = name == "--sql" ? o.sql : o.directory;
      into = value();
      if (into.empty()) wrong = name + " needs a value";
    } else if (name == "--json") {
      o.json = true;
    } else if (name == "--help" || name == "-h") {
      o.help = true;
    } else {
      wrong = "unknown argument " + name;
    }
  }
  if (o.directory.empty()) {
    const char* data = std::getenv("PARLEY_DATA");
    std::error_code failed;
    o.directory = data && std::filesystem::is_directory(data, failed) ? data : ".";
  }
  return o;
}

}  // namespace parley::selfbench
