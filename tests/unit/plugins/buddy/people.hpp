// A host with a few people who get to know each other.
#pragma once

#include <gtest/gtest.h>

#include <parley/commands.hpp>

#include <string>
#include <vector>

#include "IM.Buddy.pb.h"
#include "Parley.Friends.pb.h"
#include "arrangement.hpp"
#include "friendship.hpp"
#include "small_host.hpp"
#include "store_friends.hpp"

namespace buddy_test {

namespace cid = parley::cid;
using namespace parley::friends;
using namespace IM::Buddy;
using parley::status;

inline const user anna{1, 101};
inline const user ben{2, 102};
inline constexpr std::uint32_t now = 1'700'000'000;
inline constexpr std::uint32_t day = 24 * 3600;

/// anna 1, ben 2, carl 3, dora 4; gone 9 has left.
inline void add_people(plugin_test::database& db) {
  db.run(
      "INSERT INTO IMUser(id, name, departId, created, updated, email, phone) VALUES (1,'anna',1,1,1,'a@x','11'),"
      "(2,'ben',1,1,2,'b@x','22'),(3,'carl',1,1,3,'c@x','33'),(4,'dora',1,1,4,'d@x','44')");
  db.run("INSERT INTO IMUser(id, name, departId, created, updated, status) VALUES (9,'gone',1,1,1,3)");
}

class people : public testing::Test {
 protected:
  explicit people(small_host::settings config = {}) : host(std::move(config)) { add_people(host.db()); }

  buddy::asked ask(std::uint32_t from, std::uint32_t to, const std::string& text = "", std::uint32_t at = now) {
    auto db = host.sql();
    return buddy::ask(db, most, {from, to}, text, at);
  }
  buddy::outcome accept(std::uint32_t user, std::uint32_t peer, std::uint32_t at = now) {
    auto db = host.sql();
    return buddy::accept(db, most, {user, peer}, at);
  }
  buddy::outcome refuse(std::uint32_t user, std::uint32_t peer) {
    auto db = host.sql();
    return buddy::refuse(db, most, {user, peer}, now);
  }
  buddy::parted part(std::uint32_t user, std::uint32_t peer) {
    auto db = host.sql();
    return buddy::part(db, most, {user, peer}, now);
  }
  buddy::blocked block(std::uint32_t user, std::uint32_t peer) {
    auto db = host.sql();
    return buddy::block(db, most, {user, peer}, now);
  }
  void befriend(std::uint32_t one, std::uint32_t other) {
    ask(one, other);
    ASSERT_TRUE(accept(other, one).changed);
  }
  std::vector<std::uint32_t> friends(std::uint32_t of) {
    auto db = host.sql();
    return buddy::store::friends_of(db, of);
  }
  std::string run(const std::string& sql) { return host.db().run(sql); }

  small_host host;
  buddy::limits most;
};

template <class Message>
Message parsed(const std::string& body) {
  Message message;
  message.ParsePartialFromString(body);
  return message;
}

}  // namespace buddy_test
