// Who a node is to its fellows.
#pragma once

#include <cstdint>
#include <string>

namespace parley::host {

struct node_identity {
  std::string name;               // the manifest's; one at a time
  std::uint64_t incarnation = 0;  // of this life: larger than every former life's
  std::uint16_t number = 0;       // in the ids of its sessions; another one with each life; 0 = none
};

/// A new life of the node whose data directory this is, and the one before it, 0 when there was none. What is found
/// there may be lost: then the clock alone makes the new one larger. Blocks for one small file.
struct life {
  std::uint64_t now = 0;
  std::uint64_t before = 0;
};
life begin_life(const std::string& data_directory);

/// Any number but 0 and `not_this`.
std::uint16_t random_number(std::uint16_t not_this = 0);

}  // namespace parley::host
