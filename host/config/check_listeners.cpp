#include <bitset>

#include "host/config/check_parts.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

using command_set = std::bitset<0x10000>;

bool any_between(const command_set& served, std::uint32_t first, std::uint32_t last) {
  for (std::uint32_t id = first; id <= last; ++id) {
    if (served[id]) return true;
  }
  return false;
}

void check_listener(checking& c, const listener_config& listener, const command_set& served) {
  for (const rate_rule& rate : listener.rates) {
    if (rate.command == 0 || served[rate.command] || rate.command == listener.heartbeat) continue;
    c.report(rate.at, "listener " + listener.name + ": a rate for " + hex_command(rate.command) +
                          ", which no plugin here serves: remove it, or add the plugin that serves it");
  }
  for (std::size_t i = 0; i < listener.commands.size(); ++i) {
    const auto [first, last] = listener.commands[i];
    if (any_between(served, first, last) || (first <= listener.heartbeat && listener.heartbeat <= last)) continue;
    const std::string what = first == last ? hex_command(first) : hex_command(first) + "-" + hex_command(last);
    const mark at = i < listener.command_marks.size() ? listener.command_marks[i] : listener.at;
    c.report(at, "listener " + listener.name + " lets " + what +
                     " in, of which no plugin here serves anything: remove it, or add the plugin that serves it");
  }
}

}  // namespace

void check_listeners(checking& c) {
  if (!c.all_known || c.config.cluster.enabled()) return;  // what nobody here serves may be served elsewhere
  command_set served;
  for (const plugin_info& info : c.infos) {
    for (const auto& command : info.commands) served.set(command.id);
  }
  for (const listener_config& listener : c.config.listeners) check_listener(c, listener, served);
}

}  // namespace parley::host
