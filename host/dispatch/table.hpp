// Who serves a command: dense, immutable, swapped between loop turns.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "parley/abi.h"

namespace parley::host {

class generation;
struct plugin_info;

class dispatch_table {
 public:
  struct filter {
    generation* owner;
    parley_status (*call)(void* plugin, const parley_request* request);
  };
  struct entry {
    generation* owner = nullptr;
    parley_status (*handle)(void* plugin, const parley_request* request) = nullptr;
    std::uint16_t access = PARLEY_OPEN;
    bool away = false;                             // without an owner: of a plugin in quarantine
    const std::vector<filter>* filters = nullptr;  // null when none
  };

  /// From active generations, in the manifest's order, which is the filters' order.
  /// `away`: plugins that are not loaded; their commands are known, but nobody serves them.
  explicit dispatch_table(const std::vector<generation*>& generations,
                          const std::vector<std::shared_ptr<const plugin_info>>& away = {});

  /// Null when nobody serves it.
  const entry* find(std::uint16_t command) const {
    const auto& in = pages_[command >> 8];
    if (!in) return nullptr;
    const auto& e = (*in)[command & 0xff];
    return e.owner ? &e : nullptr;
  }
  /// For a command that is served on another node: without owner, with the filters it meets here. Valid as long as
  /// the table. [loop]
  const entry& far_entry(std::uint16_t command, std::uint16_t access) const;
  /// A command of a plugin that is away; null when it is not.
  const entry* find_away(std::uint16_t command) const {
    const auto& in = pages_[command >> 8];
    if (!in) return nullptr;
    const auto& e = (*in)[command & 0xff];
    return e.away ? &e : nullptr;
  }

 private:
  using page = std::array<entry, 256>;
  std::array<std::unique_ptr<page>, 256> pages_;
  std::vector<std::unique_ptr<std::vector<filter>>> filter_lists_;
  std::vector<std::pair<std::uint16_t, filter>> filters_;  // by command, 0 = all
  struct far_command {
    entry shown;
    std::vector<filter> filters;
  };
  mutable std::map<std::uint16_t, far_command> far_;  // made as they come
};

}  // namespace parley::host
