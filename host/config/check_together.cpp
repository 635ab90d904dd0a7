#include "host/config/check_together.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "host/config/words.hpp"
#include "host/pool/sql_url.hpp"

namespace parley::host {

namespace {

const mark& at_or(const mark& at, const mark& otherwise) {
  return at.line > 0 ? at : otherwise;
}

std::string who(const manifest& config, const mark& at) {
  return "node " + config.name + " (" + config.file + (at.line > 0 ? ":" + std::to_string(at.line) : "") + ")";
}

/// One spelling per address.
std::string address(const std::string& text) {
  unsigned char binary[16];
  char out[INET6_ADDRSTRLEN];
  if (inet_pton(AF_INET6, text.c_str(), binary) != 1) return text;
  return inet_ntop(AF_INET6, binary, out, sizeof out);
}

bool is_any(const std::string& address) {
  return address == "0.0.0.0" || address == "::";
}

/// What a node says of where it is; empty when it says nothing.
std::set<std::string> places(const manifest& config) {
  std::set<std::string> advertised, bound;
  for (const listener_config& listener : config.listeners) {
    const std::string own = address(listener.bind);
    if (!listener.advertise.empty()) advertised.insert(listener.advertise);
    if (!is_any(own) && own != "::1" && !own.starts_with("127.")) bound.insert(own);
  }
  return advertised.empty() ? bound : advertised;
}

bool on_one_machine(const manifest& a, const manifest& b) {
  const auto here = places(a), there = places(b);
  if (here.empty() || there.empty()) return true;
  return std::any_of(here.begin(), here.end(), [&](const std::string& place) { return there.contains(place); });
}

bool meet(const listener_config& a, const listener_config& b) {
  if (a.port == 0 || a.port != b.port) return false;
  const std::string one = address(a.bind), other = address(b.bind);
  const bool both_4 = one.find(':') == one.npos && other.find(':') == other.npos;
  return one == other || one == "::" || other == "::" || (both_4 && (is_any(one) || is_any(other)));
}

std::string full_path(const std::string& path) {
  std::error_code failed;
  const auto full = std::filesystem::weakly_canonical(path, failed);
  auto text = (failed ? std::filesystem::absolute(path, failed).lexically_normal() : full).string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

class pair_check {
 public:
  pair_check(const checked_node& first, const checked_node& second, std::vector<diagnostic>& errors)
      : first_(first), second_(second), errors_(errors) {}

  void run() {
    const manifest &a = first_.config, &b = second_.config;
    if (a.name == b.name && counts(&manifest::name_at)) {
      report(b.name_at, "a second node is named " + in_quotes(b.name) + ", the first is " + who(a, a.name_at) +
                            ": give each a node.name of its own");
    }
    if (!on_one_machine(a, b)) return;
    for (const listener_config& added : b.listeners) ports(added);
    if (counts(&manifest::data_at) && full_path(a.data) == full_path(b.data)) {
      report(b.data_at, "the data directory " + in_quotes(b.data) + " is that of " + who(a, a.data_at) +
                            " too: give each a node.data of its own");
    } else if (counts_control(first_) && counts_control(second_) &&
               full_path(control_path(a)) == full_path(control_path(b))) {
      report(b.control_at, "the control socket " + in_quotes(control_path(b)) + " is that of " + who(a, a.control_at) +
                               " too: give each a node.control of its own");
    }
  }

 private:
  /// What is written counts, and what is not where the rest could be read.
  bool counts(mark manifest::*at) const {
    return (first_.faultless || (first_.config.*at).line > 0) && (second_.faultless || (second_.config.*at).line > 0);
  }
  static bool counts_control(const checked_node& node) {
    return node.faultless || node.config.control_at.line > 0 || node.config.data_at.line > 0;
  }
  void ports(const listener_config& added) {
    for (const listener_config& other : first_.config.listeners) {
      if (!meet(other, added)) continue;
      report(added.at, "listener " + added.name + " binds " + added.bind + ":" + std::to_string(added.port) +
                           ", which listener " + other.name + " of " + who(first_.config, other.at) +
                           " has: give it another port");
    }
  }
  void report(const mark& at, std::string text) {
    errors_.push_back({at_or(at, {second_.config.file, 1, 1}), std::move(text)});
  }

  const checked_node& first_;
  const checked_node& second_;
  std::vector<diagnostic>& errors_;
};

void check_credentials(const manifest& config, std::vector<diagnostic>& errors) {
  for (const sql_pool_config& pool : config.sql) {
    const auto url = parse_sql_url(pool.url);  // what is wrong with it, the reader has said
    if (!url || url->kind != sql_kind::mysql || !url->password.empty()) continue;
    if (url->hosts.size() == 1 && !url->hosts.front().socket.empty()) continue;
    errors.push_back({pool.at, "pool " + pool.name + " goes to a database server by TCP as " + in_quotes(url->user) +
                                   " without a password: write mysql://USER:${NAME}@HOST/DATABASE and set NAME in the "
                                   "environment, or use ?socket=/PATH"});
  }
}

}  // namespace

bool stands_alone(const manifest& config) {
  return !config.cluster.enabled();
}

std::vector<diagnostic> check_together(const std::vector<checked_node>& nodes) {
  std::vector<diagnostic> errors;
  if (nodes.size() < 2) return errors;
  for (std::size_t second = 0; second < nodes.size(); ++second) {
    check_credentials(nodes[second].config, errors);
    for (std::size_t first = 0; first < second; ++first) pair_check(nodes[first], nodes[second], errors).run();
  }
  check_clusters(nodes, errors);
  sort_diagnostics(errors);
  return errors;
}

}  // namespace parley::host
