#pragma once

#include <memory>
#include <vector>

#include "crash/talker.hpp"

namespace parley::crash {

struct summary {
  std::size_t messages = 0;
  std::size_t pushes = 0;
  std::size_t conversations = 0;
  std::size_t resends_asked = 0;
};

/// Every acked message is in history exactly once, under its id and with its text; ids have no gaps from 1; what was
/// pushed had been stored; a resend hears the first ack. What is not so becomes a complaint.
summary verify(stage& on, const std::vector<std::unique_ptr<talker>>& talkers, std::uint16_t port);

}  // namespace parley::crash
