// A real host with login, message and route, and people who are made its terminals.
#pragma once

#include <gtest/gtest.h>

#include <parley/commands.hpp>
#include <parley/testing.hpp>

#include <optional>

#include "IM.Buddy.pb.h"
#include "Parley.Presence.pb.h"
#include "events/session.pb.h"
#include "events/user.pb.h"
#include "support/database.hpp"

namespace route_test {

namespace cid = parley::cid;
using namespace IM::Buddy;
using namespace IM::BaseDefine;
using parley::testing::core;
using parley::testing::session;

constexpr auto online = USER_STATUS_ONLINE;
constexpr auto offline = USER_STATUS_OFFLINE;
constexpr auto leave = USER_STATUS_LEAVE;
constexpr std::uint32_t windows = 1, android = 0x12;

inline parley::testing::options with_route(const std::string& everyone_below) {
  parley::testing::options o;
  o.plugins = {{"login", "", {{"password_cost", "low"}}},
               {"message", ""},
               {"route", PARLEY_PLUGIN_FILE, {{"everyone_below", everyone_below}}}};
  o.events = {"terminal.status", "user.changed"};
  return o;
}

using statuses = std::vector<std::pair<std::uint32_t, UserStatType>>;

class people : public testing::Test {
 protected:
  explicit people(const std::string& everyone_below = "200") : host(with_route(everyone_below)) {}

  session pc(std::uint32_t user, std::uint32_t level = 1) { return host.connect_as(user, windows, level); }
  session mobile(std::uint32_t user) { return host.connect_as(user, android); }

  void befriend(std::uint32_t user, std::uint32_t peer) {
    sql("INSERT INTO friend(user_id, peer_id, revision, created, updated) VALUES (" + pair(user, peer) + ",1,1,1)");
  }
  void block(std::uint32_t user, std::uint32_t peer) {
    sql("INSERT INTO block(user_id, peer_id, created) VALUES (" + pair(user, peer) + ",1)");
  }
  void talked(std::uint32_t user, std::uint32_t peer) {
    sql("INSERT INTO IMRecentSession(userId, peerId, type, status, created, updated) VALUES (" + pair(user, peer) +
        ",1,0,1,1)");
  }
  void sql(const std::string& text) { parley::test::database(host.database()).run(text); }

  /// What one 0x0203 says.
  static statuses told(session& who) {
    const auto notify = who.expect<IMUserStatNotify>(cid::buddy_list_status_notify);
    statuses out{{notify.user_stat().user_id(), notify.user_stat().status()}};
    for (const auto& one : notify.more()) out.emplace_back(one.user_id(), one.status());
    return out;
  }
  static UserStatType pc_told(session& who) {
    return who.expect<IMPCLoginStatusNotify>(cid::buddy_list_pc_login_status_notify).login_stat();
  }
  UserStatType status_of(session& asker, std::uint32_t user) {
    IMUsersStatReq request;
    request.set_user_id(0);
    request.add_user_id_list(user);
    return asker
        .ask<IMUsersStatRsp>(cid::buddy_list_users_status_request, request, cid::buddy_list_users_status_response)
        .user_stat_list(0)
        .status();
  }
  UserStatType set(session& who, UserStatType status) {
    parley::presence::IMPresenceSetReq request;
    request.set_user_id(0);
    request.set_status(status);
    return who.ask<parley::presence::IMPresenceSetRsp>(cid::presence_set_req, request, cid::presence_set_rsp).status();
  }
  void terminal_status(session& who, std::uint32_t user, UserStatType status) {
    parley::events::TerminalStatus event;
    event.set_session_id(who.id());
    event.set_user_id(user);
    event.set_status(status);
    host.publish("terminal.status", event);
  }
  void profile(std::uint32_t user, std::optional<std::string> sign, std::optional<std::string> avatar) {
    parley::events::UserChanged event;
    event.set_user_id(user);
    event.set_what(parley::events::USER_PROFILE);
    if (sign) event.set_sign_info(*sign);
    if (avatar) event.set_avatar(*avatar);
    host.publish("user.changed", event);
  }

  double metric(const std::string& name) {
    const auto text = host.get("/metrics").body;
    const std::string line = "\nparley_route_" + name + " ";
    const auto at = text.find(line);
    return at == std::string::npos ? -1 : std::stod(text.substr(at + line.size()));
  }

  core host;

 private:
  static std::string pair(std::uint32_t a, std::uint32_t b) { return std::to_string(a) + "," + std::to_string(b); }
};

}  // namespace route_test
