// Read acks that waited together become one transaction: clients send one per message they show.
#pragma once

#include <parley/lane.hpp>

#include <cstdint>
#include <span>
#include <string>

#include "conversation.hpp"

namespace message {

/// One read ack. Lives in the reader's coroutine.
struct reading {
  void* waiting = nullptr;  // the lane's

  conversation_key key;
  std::uint32_t user = 0;
  std::uint32_t msg_id = 0;  // 0: all. Afterwards: what was taken, at most the newest there is

  parley::status verdict = parley::status::ok;
};

/// Sets every item's verdict. The text of a failure is for the log. [worker]
std::string save_readings(parley::sql& db, std::span<reading* const> items, std::uint32_t now);

}  // namespace message
