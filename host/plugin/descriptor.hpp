// A descriptor's facts, copied out of the plugin file: what check, the registry and parleyctl reason about.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parley/abi.h"
#include "parley/status.hpp"

namespace parley::host {

struct plugin_info {
  struct command {
    std::uint16_t id;
    std::uint16_t access;
    std::string name;
  };
  struct route {
    std::string method, path;
    std::uint32_t match, max_body;
  };
  struct argument {
    std::string name;
    std::uint32_t kind;
    bool required;
    std::string help;
  };
  struct verb {
    std::string name, help;
    std::vector<argument> args;
  };
  struct migration {
    std::uint32_t number;
    std::string name, pool, statements;
  };
  struct pool {
    std::string name, kind;
  };
  struct lane {
    std::string name, pool;
    std::uint32_t max_batch, max_queue;
  };
  struct config_key {
    std::string name;
    std::uint32_t type;
    bool required;
    std::string default_value;
    std::int64_t min, max;
    std::vector<std::string> choices;
    std::string help;
  };

  std::string file;
  std::string name, version, summary;
  std::uint16_t abi_major = 0, abi_minor = 0;
  std::uint32_t state_version = 0;
  std::vector<command> commands;
  std::vector<std::uint16_t> filters;
  std::vector<std::string> events, interfaces;
  std::vector<std::string> subscriptions;           // to events that somebody has to publish
  std::vector<std::string> optional_subscriptions;  // to events that nobody may publish
  std::vector<route> routes;
  std::vector<verb> verbs;
  std::vector<migration> migrations;
  std::vector<pool> pools;
  std::vector<lane> lanes;
  std::vector<config_key> config;
};

/// Copies a descriptor after checking it: ABI, sizes, strings, names, numbers in range. The error names what was
/// expected, what is there and what to do.
result<plugin_info> read_descriptor(const parley_plugin_descriptor* descriptor, const std::string& file);

/// JSON both ways, for the helper process and `parleyctl plugins`.
std::string to_json(const plugin_info& info);
result<plugin_info> info_from_json(const std::string& text);

/// Loads the file in a helper process (this executable, `describe FILE`) and returns its facts; a crash or a hang there
/// costs nothing but the error it becomes. Blocks for at most `timeout_ms`.
result<plugin_info> describe_in_helper(const std::string& executable, const std::string& file,
                                       std::uint32_t timeout_ms = 5000);

/// The same for many files, whose helpers run beside each other; results in the files' order.
std::vector<result<plugin_info>> describe_all(const std::string& executable, const std::vector<std::string>& files,
                                              std::uint32_t timeout_ms = 5000);

}  // namespace parley::host
