// What a node tells each of its fellows about itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::host {

struct announcement {
  struct command {
    std::uint16_t id = 0;
    std::uint16_t access = 0;
    bool operator==(const command&) const = default;
  };
  struct plugin {
    std::string name, version;
    std::vector<command> commands;
    std::vector<std::string> events;  // it listens to
    bool operator==(const plugin&) const = default;
  };
  std::uint64_t notice = 0;  // counts up with each; a pong tells the last that was taken
  bool draining = false;     // nothing new, please
  std::vector<plugin> plugins;

  bool has(std::string_view name) const;
  bool hears(std::string_view event, std::string_view publisher) const;
};

std::string encode(const announcement& a);
/// False when it is broken.
bool decode(announcement& out, std::string_view body);

}  // namespace parley::host
