#include "host/dispatch/table.hpp"

#include "host/plugin/generation.hpp"

namespace parley::host {

dispatch_table::dispatch_table(const std::vector<generation*>& generations,
                               const std::vector<std::shared_ptr<const plugin_info>>& away) {
  for (const auto& info : away) {
    for (const auto& c : info->commands) {
      auto& p = pages_[c.id >> 8];
      if (!p) p = std::make_unique<page>();
      (*p)[c.id & 0xff] = {nullptr, nullptr, c.access, true, nullptr};
    }
  }
  std::vector<std::uint16_t> served;
  for (auto* g : generations) {
    const auto& commands = g->descriptor().commands;
    for (std::uint32_t i = 0; i < commands.count; ++i) {
      auto c = table_item<parley_command>(commands, i);
      auto& p = pages_[c.id >> 8];
      if (!p) p = std::make_unique<page>();
      (*p)[c.id & 0xff] = {g, c.handle, c.access, false, nullptr};
      served.push_back(c.id);
    }
  }
  for (auto* g : generations) {
    const auto& declared = g->descriptor().filters;
    for (std::uint32_t i = 0; i < declared.count; ++i) {
      auto f = table_item<parley_filter>(declared, i);
      filters_.push_back({f.command, {g, f.filter}});
    }
  }
  if (filters_.empty()) return;
  for (auto id : served) {
    auto list = std::make_unique<std::vector<filter>>();
    for (const auto& [command, f] : filters_) {
      if (command == 0 || command == id) list->push_back(f);
    }
    if (list->empty()) continue;
    (*pages_[id >> 8])[id & 0xff].filters = list.get();
    filter_lists_.push_back(std::move(list));
  }
}

const dispatch_table::entry& dispatch_table::far_entry(std::uint16_t command, std::uint16_t access) const {
  auto [place, is_new] = far_.try_emplace(command);
  auto& far = place->second;
  far.shown.access = access;
  if (!is_new) return far.shown;
  for (const auto& [of, f] : filters_) {
    if (of == 0 || of == command) far.filters.push_back(f);
  }
  if (!far.filters.empty()) far.shown.filters = &far.filters;
  return far.shown;
}

}  // namespace parley::host
