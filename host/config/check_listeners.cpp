#include "host/config/check_parts.hpp"
#include "host/config/check_together.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

bool any_between(const command_set& served, std::uint32_t first, std::uint32_t last) {
  for (std::uint32_t id = first; id <= last; ++id) {
    if (served[id]) return true;
  }
  return false;
}

}  // namespace

void add_commands(const std::vector<plugin_info>& infos, command_set& served) {
  for (const plugin_info& info : infos) {
    for (const auto& command : info.commands) served.set(command.id);
  }
}

void check_listener(const listener_config& listener, const command_set& served, const std::string& who,
                    std::vector<diagnostic>& errors) {
  for (const rate_rule& rate : listener.rates) {
    if (rate.command == 0 || served[rate.command] || rate.command == listener.heartbeat) continue;
    errors.push_back({rate.at, "listener " + listener.name + ": a rate for " + hex_command(rate.command) +
                                   ", which no " + who + " serves: remove it, or add the plugin that serves it"});
  }
  for (std::size_t i = 0; i < listener.commands.size(); ++i) {
    const auto [first, last] = listener.commands[i];
    if (any_between(served, first, last) || (first <= listener.heartbeat && listener.heartbeat <= last)) continue;
    const std::string what = first == last ? hex_command(first) : hex_command(first) + "-" + hex_command(last);
    const mark at = i < listener.command_marks.size() ? listener.command_marks[i] : listener.at;
    errors.push_back({at, "listener " + listener.name + " lets " + what + " in, of which no " + who +
                              " serves anything: remove it, or add the plugin that serves it"});
  }
}

void check_listeners(checking& c) {
  if (!c.all_known || !stands_alone(c.config)) return;
  command_set served;
  add_commands(c.infos, served);
  for (const listener_config& listener : c.config.listeners) check_listener(listener, served, "plugin here", c.errors);
}

}  // namespace parley::host
