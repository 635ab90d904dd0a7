// Careful reading of what a plugin file exports: nothing in it is believed before it is bounded.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "host/plugin/descriptor.hpp"

namespace parley::host {

struct descriptor_limits {
  static constexpr std::uint32_t items = 4096;   // per table
  static constexpr std::uint32_t stride = 4096;  // bytes per item
  static constexpr std::size_t text = 4096;
  static constexpr std::size_t statements = 1 << 18;  // of one migration
};

/// Copies the tables one by one into a plugin_info and collects every fault with the place it is in ("commands[2]").
class descriptor_reader {
 public:
  plugin_info read(const parley_plugin_descriptor& descriptor, const std::string& file);
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  void read_head(const parley_plugin_descriptor& d, plugin_info& out);
  void read_dispatch(const parley_plugin_descriptor& d, plugin_info& out);
  void read_events(const parley_plugin_descriptor& d, plugin_info& out);
  void read_routes(const parley_plugin_descriptor& d, plugin_info& out);
  void read_verbs(const parley_plugin_descriptor& d, plugin_info& out);
  void read_storage(const parley_plugin_descriptor& d, plugin_info& out);
  void read_config(const parley_plugin_descriptor& d, plugin_info& out);

  /// Calls `each(item, place)` for a table's items, whatever their stride: fields an older plugin lacks are zero, those
  /// a newer one added are left out.
  template <class Item, class Each>
  void each(const parley_table& table, const char* name, Each each_item) {
    if (!is_sane(table, name)) return;
    for (std::uint32_t i = 0; i < table.count; ++i) {
      Item item{};
      const char* raw = static_cast<const char*>(table.items) + std::size_t{i} * table.stride;
      std::memcpy(static_cast<void*>(&item), raw, table.stride < sizeof item ? table.stride : sizeof item);
      each_item(item, std::string(name) + "[" + std::to_string(i) + "]");
    }
  }

  bool is_sane(const parley_table& table, const char* name);
  /// Empty for null; too long a text is a problem.
  std::string text(const char* raw, const std::string& place, const char* field,
                   std::size_t limit = descriptor_limits::text);
  /// As text, and it must match a pattern.
  std::string name(const char* raw, const std::string& place, const char* field, bool (*matches)(std::string_view),
                   const char* form);
  /// [a-z][a-z0-9_]*
  std::string identifier(const char* raw, const std::string& place, const char* field);
  void expect(bool holds, const std::string& place, const std::string& what);
  void once(std::vector<std::string>& seen, const std::string& word, const std::string& place);

  std::vector<std::string> problems_;
};

}  // namespace parley::host
