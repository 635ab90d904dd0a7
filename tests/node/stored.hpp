// What was acked is there.
#pragma once

#include <gtest/gtest.h>

#include <poll.h>

#include <map>

#include "support/chat_client.hpp"

namespace parley::test {

/// By msg_id.
using texts = std::map<std::uint32_t, std::string>;

/// What was acked is in the history with `peer`, once, under its id; ids have no gaps.
inline void expect_stored(chat_client& who, std::uint32_t peer, const texts& acked) {
  texts stored;
  const auto latest = who.latest(peer);
  for (auto begin = latest; begin > 0; begin = begin > 100 ? begin - 100 : 0) {
    const auto page = who.history(peer, begin);
    for (const auto& message : page.msg_list()) stored[message.msg_id()] = who.decrypt(message.msg_data());
  }
  EXPECT_EQ(stored.size(), latest) << "ids have gaps";
  for (const auto& [msg_id, text] : acked) EXPECT_EQ(stored[msg_id], text) << msg_id;
}

/// Sent again under one id until it is acked.
inline verdict insist(chat_client& who, std::uint32_t peer, const std::string& text, const std::string& client_msg_id) {
  verdict last;
  const auto deadline = steady::now() + patience(milliseconds(30000));
  while (!last.acked() && steady::now() < deadline) {
    last = who.say(peer, text, client_msg_id, milliseconds(6000));
    if (!last.acked()) poll(nullptr, 0, 100);
  }
  return last;
}

}  // namespace parley::test
