// Typed access to a manifest's tree. Everything wrong is reported where it stands, and reading goes on.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "host/config/scalars.hpp"
#include "host/config/yaml_tree.hpp"

namespace parley::host {

/// One manifest being read.
struct reading {
  const std::string& file;
  std::vector<diagnostic>& errors;

  mark at(position p) const { return {file, p.line, p.column}; }
  void report(position p, std::string text) { errors.push_back({at(p), std::move(text)}); }
};

/// A node that must be a single value. `path` names it in errors ("listeners[0].port").
class value {
 public:
  value(reading& r, const yaml_node& node, std::string path) : reading_(&r), node_(&node), path_(std::move(path)) {}

  const yaml_node& node() const { return *node_; }
  const std::string& path() const { return path_; }
  mark at() const { return reading_->at(node_->at); }
  void report(const std::string& text) const;

  /// Whether it is one, reported if not.
  bool is_scalar(const std::string& expected = "a single value") const;

  /// Parses it into `out`, or reports.
  template <class T, class Parse>
  bool read(T& out, Parse parse) const {
    if (!is_scalar()) return false;
    auto parsed = parse(node_->text);
    if (parsed) {
      out = static_cast<T>(*parsed);
      return true;
    }
    report(parsed.text());
    return false;
  }

  /// Calls `each` for the items of a sequence; anything else is reported.
  void items(const std::function<void(const value&)>& each) const;

 private:
  reading* reading_;
  const yaml_node* node_;
  std::string path_;
};

/// The keys of one map. Asking for a key makes it known; finish() reports those that nobody asked for.
class fields {
 public:
  fields(reading& r, const yaml_node& node, std::string path);

  const std::string& path() const { return path_; }
  mark at() const { return reading_->at(node_->at); }
  void report(const std::string& text) const { reading_->report(node_->at, prefix() + text); }

  /// At the key's value where it stands, else at the map.
  void report_at(const std::string& key, const std::string& text) const;

  /// The entry of `key`, null when it is absent.
  const yaml_entry* find(const std::string& key);
  /// As find; its absence is reported with `expected`.
  const yaml_entry* require(const std::string& key, const std::string& expected);

  void text(const std::string& key, std::string& out);
  void boolean(const std::string& key, bool& out);
  void choice(const std::string& key, std::string& out, const std::vector<std::string>& choices);
  void command(const std::string& key, std::uint16_t& out);
  void duration(const std::string& key, std::chrono::milliseconds& out, bounds allowed);
  void size(const std::string& key, std::size_t& out, bounds allowed);

  template <class T>
  void number(const std::string& key, T& out, bounds allowed) {
    read(key, out, [&](const std::string& text) { return parse_integer(text, allowed); });
  }
  template <class T, class Parse>
  void read(const std::string& key, T& out, Parse parse) {
    if (const yaml_entry* entry = find(key)) value_of(*entry).read(out, parse);
  }

  void items(const std::string& key, const std::function<void(const value&)>& each);
  /// Calls `each` with the key and value of every entry of the map under `key`.
  void entries(const std::string& key, const std::function<void(const yaml_entry&, const value&)>& each);

  value value_of(const yaml_entry& entry) const { return {*reading_, entry.value, prefix_of(entry.key)}; }

  /// Keys that exist elsewhere: present here they are reported as `belongs`.
  void foreign(const std::vector<std::string>& keys, const std::string& belongs);
  void finish();

 private:
  std::string prefix() const { return path_.empty() ? "" : path_ + ": "; }
  std::string prefix_of(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

  reading* reading_;
  const yaml_node* node_;
  std::string path_;
  std::vector<std::string> known_;
  std::vector<std::string> elsewhere_;
};

/// Whether the node is a map; reported if not.
bool is_map(reading& r, const yaml_node& node, const std::string& path);

}  // namespace parley::host
