#include "import/options.hpp"

#include "import/command_line.hpp"
#include "import/trouble.hpp"

namespace parley::teamtalk {

const char* const usage_text =
    "usage: parleyctl import-teamtalk --mysql URL [--redis URL]... [--msfs URL|DIR] [--dry-run] [--json]\n"
    "\n"
    "Takes a TeamTalk deployment over. Stop TeamTalk's servers first; a node of Parley may run meanwhile.\n"
    "  --mysql URL     mysql://USER:PASSWORD@HOST:PORT/DATABASE, TeamTalk's; without it $PARLEY_SQL, which no process\n"
    "                  list shows\n"
    "  --redis URL     redis://[:PASSWORD@]HOST[:PORT][/DB], TeamTalk's; all its databases without /DB; once for each\n"
    "                  Redis it had. Without it history counts as read, and the members are those in MySQL\n"
    "  --msfs URL|DIR  TeamTalk's msfs, or its BaseDir: recordings move into the database. Without it they are silent\n"
    "  --dry-run       says what there is to do, and changes nothing\n"
    "  --json          the report as JSON\n"
    "  --plugins DIR   where login.so and message.so are; ../plugins beside this program\n"
    "\n"
    "Tables are added, none is taken away. What is rewritten in TeamTalk's (numbers of messages that are there twice "
    "or\n"
    "have none, relations that are there twice, group members) keeps its old value in table import_change.\n"
    "It can be stopped and killed at any time: what is done stays, and the same command goes on. When all is done it\n"
    "changes nothing any more.\n"
    "\n"
    "Exit status: 0 done, 1 interrupted (the same command goes on), 2 cannot begin or wrong usage.\n";

options read_options(const std::vector<std::string>& words, const std::string& directory) {
  options o;
  o.plugins = directory + "/../plugins";
  o.parleyd = directory + "/parleyd";
  read_command_line(words, {{"--mysql", &o.mysql},
                            {"--redis", &o.redis},
                            {"--msfs", &o.msfs},
                            {"--plugins", &o.plugins},
                            {"--dry-run", &o.dry},
                            {"--json", &o.json},
                            {"--help", &o.help}});
  take_from_environment(o.mysql, "PARLEY_SQL");
  if (o.mysql.empty() && !o.help) throw trouble("--mysql URL is missing: the database TeamTalk used; see --help");
  return o;
}

}  // namespace parley::teamtalk
