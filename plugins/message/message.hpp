// Messages between users: sent, acked, delivered, read again, counted.
#pragma once

#include <parley/lane.hpp>
#include <parley/plugin.hpp>
#include <parley/sql.hpp>

#include <atomic>
#include <string>

#include "IM.Buddy.pb.h"
#include "IM.Message.pb.h"
#include "IM.SwitchService.pb.h"
#include "commit.hpp"
#include "events.hpp"
#include "positions.hpp"
#include "recent_checks.hpp"

namespace message {

class messenger final : public parley::plugin {
 public:
  using status = parley::status;
  using task = parley::task<status>;

  explicit messenger(const parley::context& ctx);

  // send.cpp
  task on_send(parley::request request, IM::Message::IMMsgData message);
  status on_delivered(parley::request request, const IM::Message::IMMsgDataAck& ack);
  void on_user_changed(const user_change& change);

  // read.cpp
  task on_read(parley::request request, IM::Message::IMMsgDataReadAck ack);
  task on_unread(parley::request request, IM::Message::IMUnreadMsgCntReq message);

  // history.cpp
  task on_history(parley::request request, IM::Message::IMGetMsgListReq message);
  task on_by_ids(parley::request request, IM::Message::IMGetMsgByIdReq message);
  task on_latest(parley::request request, IM::Message::IMGetLatestMsgIdReq message);

  // sessions.cpp
  task on_recent(parley::request request, IM::Buddy::IMRecentContactSessionReq message);
  task on_remove(parley::request request, IM::Buddy::IMRemoveSessionReq message);

  // p2p.cpp
  task on_p2p(parley::request request, IM::SwitchService::IMP2PCmdMsg message);

  // The lanes' batches, by their place in the descriptor. [worker]
  status commit_batch(parley::sql& db, std::span<outgoing* const> items);
  status read_batch(parley::sql& db, std::span<reading* const> items);

 private:
  status accept(const parley::request& request, IM::Message::IMMsgData& message, outgoing& item) const;
  void acknowledge(const parley::request& request, const outgoing& item) const;
  void deliver(const parley::request& request, IM::Message::IMMsgData& message, const outgoing& item) const;
  void announce(const parley::request& request, const outgoing& item) const;
  status explain(const parley::request& request, conversation_kind kind, status verdict) const;
  void complain(const std::string& failure);

  parley::sql_pool main_;
  parley::lane<outgoing> commit_lane_;
  parley::lane<reading> read_lane_;
  committer committer_;
  recent_checks checked_;          // the conversation is there as well
  recent_checks heard_;            // of p2p commands
  std::size_t waiting_bytes_ = 0;  // message data in the lane
  std::atomic<std::uint32_t> complained_ = 0;
  const std::size_t max_audio_;
  const std::uint32_t history_page_;
  const std::string audio_placeholder_;
};

}  // namespace message
