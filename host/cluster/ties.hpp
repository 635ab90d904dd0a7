// What a session has to do with other nodes, kept by its home.
#pragma once

#include <cstdint>
#include <vector>

namespace parley::host {

struct far_ties {
  struct tie {
    std::uint16_t plugin = 0;     // the cluster's number for its name
    std::uint32_t link = 0;       // serial of the link its commands for that plugin go over
    std::uint32_t in_flight = 0;  // while there are any, they stay
  };
  std::vector<tie> ties;
  std::vector<std::uint32_t> introduced;  // links whose nodes know the session

  tie* of(std::uint16_t plugin) {
    for (auto& t : ties) {
      if (t.plugin == plugin) return &t;
    }
    return nullptr;
  }
};

}  // namespace parley::host
