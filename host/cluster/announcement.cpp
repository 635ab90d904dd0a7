#include "host/cluster/announcement.hpp"

#include <algorithm>

#include "host/cluster/wire.hpp"

namespace parley::host {

namespace {
constexpr std::uint64_t most_plugins = 1024, most_commands = 65536, most_events = 4096;
constexpr std::size_t longest_announced = 256;
}  // namespace

bool announcement::has(std::string_view name) const {
  return std::any_of(plugins.begin(), plugins.end(), [&](const auto& p) { return p.name == name; });
}

bool announcement::hears(std::string_view event, std::string_view publisher) const {
  return std::any_of(plugins.begin(), plugins.end(), [&](const plugin& p) {
    return p.name != publisher && std::find(p.events.begin(), p.events.end(), event) != p.events.end();
  });
}

std::string encode(const announcement& a) {
  record_writer w;
  w.number(a.notice).number(a.draining).number(a.plugins.size());
  for (const auto& p : a.plugins) {
    record_writer one;
    one.text(p.name).text(p.version).number(p.commands.size());
    for (const auto& c : p.commands) one.number(c.id).number(c.access);
    one.number(p.events.size());
    for (const auto& e : p.events) one.text(e);
    w.text(one.bytes());
  }
  return w.take();
}

bool decode(announcement& out, std::string_view body) {
  record_reader in(body);
  out.notice = in.number();
  out.draining = in.number() != 0;
  for (auto plugins = in.number(most_plugins); plugins > 0 && in.ok(); --plugins) {
    record_reader one(in.text());
    auto& p = out.plugins.emplace_back();
    p.name = std::string(one.text(longest_announced));
    p.version = std::string(one.text(longest_announced));
    for (auto commands = one.number(most_commands); commands > 0 && one.ok(); --commands) {
      p.commands.push_back({one.number16(), one.number16()});
    }
    for (auto events = one.number(most_events); events > 0 && one.ok(); --events) {
      p.events.emplace_back(one.text(longest_announced));
    }
    if (!one.ok()) return false;
  }
  return in.ok();
}

}  // namespace parley::host
