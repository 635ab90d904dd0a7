#include "host/plugin/descriptor_reader.hpp"

#include <algorithm>

#include "host/config/words.hpp"

namespace parley::host {

namespace {

/// Identifiers joined by dots: "message.committed", "com.vendor.changed".
bool is_event_name(std::string_view text) {
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_identifier(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

plugin_info descriptor_reader::read(const parley_plugin_descriptor& descriptor, const std::string& file) {
  plugin_info out;
  out.file = file;
  read_head(descriptor, out);
  read_dispatch(descriptor, out);
  read_events(descriptor, out);
  read_routes(descriptor, out);
  read_verbs(descriptor, out);
  read_storage(descriptor, out);
  read_config(descriptor, out);
  return out;
}

void descriptor_reader::read_head(const parley_plugin_descriptor& d, plugin_info& out) {
  out.abi_major = d.abi_major;
  out.abi_minor = d.abi_minor;
  out.state_version = d.state_version;
  out.name = identifier(d.name, "descriptor", "name");
  out.version = name(d.version, "descriptor", "version", is_version, "a version such as 1.0.0");
  out.summary = text(d.summary, "descriptor", "summary");
  expect(d.create, "descriptor", "create is missing");
  expect(d.destroy, "descriptor", "destroy is missing");
  expect(!d.save == !d.restore, "descriptor", "save and restore come together: one of them is missing");
}

void descriptor_reader::read_dispatch(const parley_plugin_descriptor& d, plugin_info& out) {
  std::vector<std::string> seen;
  each<parley_command>(d.commands, "commands", [&](const parley_command& c, const std::string& place) {
    expect(c.id != 0, place, "the command id 0 is nobody's");
    expect(c.access <= PARLEY_CALL_ONLY, place, "access " + std::to_string(c.access) + " is not known");
    expect(c.handle, place, "handle is missing");
    once(seen, hex_command(c.id), place);
    out.commands.push_back({c.id, c.access, text(c.name, place, "name")});
  });
  each<parley_filter>(d.filters, "filters", [&](const parley_filter& f, const std::string& place) {
    expect(f.filter, place, "filter is missing");
    out.filters.push_back(f.command);
  });
}

void descriptor_reader::read_events(const parley_plugin_descriptor& d, plugin_info& out) {
  constexpr const char* form = "a name such as message.committed";
  each<parley_event>(d.events, "events", [&](const parley_event& e, const std::string& place) {
    const std::string event = name(e.name, place, "name", is_event_name, form);
    once(out.events, event, place);
  });
  each<parley_subscription>(d.subscriptions, "subscriptions",
                            [&](const parley_subscription& s, const std::string& place) {
                              expect(s.handle, place, "handle is missing");
                              auto& to = s.flags & PARLEY_OPTIONAL ? out.optional_subscriptions : out.subscriptions;
                              to.push_back(name(s.event, place, "event", is_event_name, form));
                            });
}

bool descriptor_reader::is_sane(const parley_table& table, const char* table_name) {
  if (table.count == 0) return true;
  expect(table.items, table_name, "items is null");
  expect(table.count <= descriptor_limits::items, table_name,
         std::to_string(table.count) + " items are more than " + std::to_string(descriptor_limits::items));
  expect(table.stride > 0 && table.stride <= descriptor_limits::stride, table_name,
         "a stride of " + std::to_string(table.stride) + " bytes");
  return table.items && table.count <= descriptor_limits::items && table.stride > 0 &&
         table.stride <= descriptor_limits::stride;
}

std::string descriptor_reader::text(const char* raw, const std::string& place, const char* field, std::size_t limit) {
  if (!raw) return {};
  const std::size_t length = strnlen(raw, limit + 1);
  expect(length <= limit, place, std::string(field) + " is longer than " + std::to_string(limit) + " bytes");
  return std::string(raw, std::min(length, limit));
}

std::string descriptor_reader::name(const char* raw, const std::string& place, const char* field,
                                    bool (*matches)(std::string_view), const char* form) {
  std::string word = text(raw, place, field);
  if (!matches(word))
    problems_.push_back(place + "." + field + ": expected " + form + ", found " + (raw ? in_quotes(word) : "null"));
  return word;
}

std::string descriptor_reader::identifier(const char* raw, const std::string& place, const char* field) {
  return name(raw, place, field, is_identifier, "a name of a-z, 0-9 and _, beginning with a letter");
}

void descriptor_reader::expect(bool holds, const std::string& place, const std::string& what) {
  if (!holds) problems_.push_back(place + ": " + what);
}

void descriptor_reader::once(std::vector<std::string>& seen, const std::string& word, const std::string& place) {
  expect(std::find(seen.begin(), seen.end(), word) == seen.end(), place, in_quotes(word) + " stands there twice");
  seen.push_back(word);
}

}  // namespace parley::host
