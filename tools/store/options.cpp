#include "store/options.hpp"

#include <filesystem>

#include "import/command_line.hpp"
#include "store/trouble.hpp"

namespace parley::store {

const char* const copy_usage =
    "usage: parleyctl copy-store --from URL --to URL [--verify] [--plugins DIR]... [--json]\n"
    "\n"
    "Copies a node's database into an empty one: SQLite to MariaDB, or back. Stop the nodes on both first.\n"
    "  --from URL      sqlite:///PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE; without it $PARLEY_COPY_FROM, "
    "which\n"
    "  --to URL        no process list shows; $PARLEY_COPY_TO\n"
    "  --verify        copies nothing, and compares again\n"
    "  --plugins DIR   where the plugins are whose tables these are; once for each directory. Without it those that "
    "were\n"
    "                  installed with this program\n"
    "  --json          what was done, as JSON\n"
    "\n"
    "The tables are made by the plugins' own migrations, then every row is copied, then both are read again and\n"
    "compared: the rows of each table by number and sum, the messages of each conversation. It can be stopped and "
    "killed\n"
    "at any time, and the same command goes on. Files of plugins (media, files for who is away) are not in the "
    "database:\n"
    "copy plugins/ of the data directory.\n"
    "\n"
    "Exit status: 0 the same on both sides, 1 interrupted (the same command goes on), 2 cannot begin or wrong usage, 3 "
    "they\n"
    "differ.\n";

copy_options read_copy_options(const std::vector<std::string>& words, const std::string& directory) {
  copy_options o;
  o.parleyd = directory + "/parleyd";
  teamtalk::read_command_line(words, {{"--from", &o.from},
                                      {"--to", &o.to},
                                      {"--plugins", &o.plugins},
                                      {"--verify", &o.verify_only},
                                      {"--json", &o.json},
                                      {"--help", &o.help}});
  if (o.help) return o;
  const auto from_environment = [](std::string& url, const char* variable, const char* option) {
    teamtalk::take_from_environment(url, variable);
    if (url.empty()) throw trouble(std::string(option) + " URL is missing; see --help");
  };
  from_environment(o.from, "PARLEY_COPY_FROM", "--from");
  from_environment(o.to, "PARLEY_COPY_TO", "--to");
  if (o.plugins.empty()) {
    std::error_code failed;
    const auto installed = directory + "/../lib/parley/plugins";
    o.plugins.push_back(std::filesystem::is_directory(installed, failed) ? installed : directory + "/../plugins");
  }
  return o;
}

}  // namespace parley::store
