// Messages between users: sent, acked, delivered, read again, counted.
#pragma once

#include <parley/lane.hpp>
#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/timer.hpp>
#include <parley/verb.hpp>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "IM.Buddy.pb.h"
#include "IM.Message.pb.h"
#include "IM.SwitchService.pb.h"
#include "codec.hpp"
#include "commit.hpp"
#include "content.hpp"
#include "events.hpp"
#include "ledger.hpp"
#include "positions.hpp"
#include "recent_checks.hpp"
#include "store.hpp"

namespace message {

inline constexpr std::uint32_t state_version = 1;

/// Where a message came from: a terminal, or nowhere.
struct origin {
  origin() = default;
  origin(const parley::request& request) : session(request.session()), tag(request.tag()) {}
  parley_session_id session = 0;
  std::uint32_t tag = 0;
};

class messenger final : public parley::plugin {
 public:
  using status = parley::status;
  using task = parley::task<status>;

  explicit messenger(const parley::context& ctx);
  std::string save_state() override;
  status restore_state(std::uint32_t version, std::string_view state) override;

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

  // retention.cpp
  parley::task<> on_expire(parley::verb_call call);

  // operate.cpp, search.cpp
  parley::task<> on_show(parley::verb_call call);
  parley::task<> on_withdraw(parley::verb_call call);
  parley::task<> on_trace(parley::verb_call call);
  parley::task<> on_search(parley::verb_call call);

  // announce.cpp
  parley::task<> on_announce(parley::verb_call call);
  parley::task<> on_announcements(parley::verb_call call);

  // The lanes' batches, by their place in the descriptor. [worker]
  status commit_batch(parley::sql& db, std::span<outgoing* const> items);
  status read_batch(parley::sql& db, std::span<reading* const> items);

 private:
  status accept(const parley::request& request, IM::Message::IMMsgData& message, outgoing& item) const;
  void acknowledge(const parley::request& request, const outgoing& item) const;
  void deliver(const origin& from, IM::Message::IMMsgData& message, const outgoing& item, std::uint32_t accepted);
  void note(const origin& from, const outgoing& item, std::uint32_t accepted);
  void announce(const origin& from, const outgoing& item) const;
  status explain(const parley::request& request, conversation_kind kind, status verdict) const;
  void complain(const std::string& failure);

  void keep_for(std::int64_t keep_ms);
  parley::task<> expire_some();
  bool next_kind();
  parley::task<std::optional<std::size_t>> expire(store::relation one, std::uint32_t before);
  static void fail_expire(const parley::verb_call& call, std::size_t removed, status code);

  // operate.cpp
  void tell_removed(const conversation_key& key, std::uint32_t msg_id, const std::vector<std::uint64_t>& members) const;

  // announce.cpp
  struct announcement_round;
  parley::task<> announce_some();
  parley::task<> announce_to(announcement_round* round, std::uint32_t user);
  parley::task<status> announce_one(announcement_round* round, std::uint32_t user);
  void announce_soon();
  void rest_from_announcing();
  void tell_user_made(std::uint32_t user) const;

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
  const audio_placeholder audio_placeholder_;
  const text_codec codec_;
  const std::size_t handover_;  // bytes of state
  delivery_ledger ledger_;
  /// How far removing what is too old has come.
  struct {
    std::uint32_t keep_s = 0;
    conversation_kind kind = conversation_kind::single;
    std::uint32_t after = 0;  // a relate_id
    std::size_t removed = 0;  // in this pass
    std::uint64_t next_ms = 0;
    bool busy = false;
    std::optional<parley::timer> clock;
  } expiry_;
  struct {
    std::string name;            // whose announcements they are; empty: an account of their own
    std::uint32_t claimant = 0;  // handed over, so that the next generation goes on at once
    std::uint32_t per_tick = 1;
    std::uint64_t next_ms = 0;
    bool due = false;      // there may be work
    bool ticking = false;  // the clock is the fast one
    bool busy = false;
    std::optional<parley::timer> clock;
  } announcing_;
};

}  // namespace message
