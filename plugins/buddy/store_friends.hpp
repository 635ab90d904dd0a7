// SQL of friends, groupings, blocks and pending requests. Tables: schema.hpp. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "Parley.Friends.pb.h"
#include "pages.hpp"

namespace buddy::store {

using parley::friends::IMBlock;
using parley::friends::IMFriend;
using parley::friends::IMGrouping;
using parley::friends::IMPendingFriend;

// ---- lists: store_lists.cpp ----

/// A row of friend_list.
struct list {
  std::uint32_t user = 0;
  std::uint32_t revision = 0;
  std::uint32_t grouping_revision = 0;
  std::uint32_t last_grouping = 0;
};
/// Zeros where there is none yet.
list read_list(parley::sql& db, std::uint32_t user);
/// Locked until the transaction ends; made if it is not there. Whoever locks two takes the lower id first.
list lock_list(parley::sql& db, std::uint32_t user);
void save_list(parley::sql& db, const list& changed);

// ---- friends: store_friends.cpp ----

/// IMUser has such a one, who has not left.
bool user_exists(parley::sql& db, std::uint32_t user);
std::optional<std::uint32_t> find_user(parley::sql& db, std::string_view name_or_id);
bool are_friends(parley::sql& db, std::uint32_t user, std::uint32_t peer);
/// At most `most` are counted.
std::size_t count_friends(parley::sql& db, std::uint32_t user, std::size_t most);
/// In no order.
std::vector<std::uint32_t> friends_of(parley::sql& db, std::uint32_t user);

/// One side of it, without remark and grouping, whatever was there before.
void save_friend(parley::sql& db, std::uint32_t user, std::uint32_t peer, std::uint32_t revision, std::uint32_t now);
/// False when they are no friends; so for the two below.
bool end_friend(parley::sql& db, std::uint32_t user, std::uint32_t peer, std::uint32_t revision, std::uint32_t now);
bool set_remark(parley::sql& db, std::uint32_t user, std::uint32_t peer, std::string_view remark,
                std::uint32_t revision, std::uint32_t now);
bool set_grouping(parley::sql& db, std::uint32_t user, std::uint32_t peer, std::uint32_t grouping,
                  std::uint32_t revision, std::uint32_t now);
/// Remark and grouping of a friend.
std::optional<IMFriend> find_friend(parley::sql& db, std::uint32_t user, std::uint32_t peer);
/// In order of revision; 0: all friends, else what changed after `since`, ended ones included. page.up_to is the last
/// row's revision.
changes<IMFriend> friends_since(parley::sql& db, std::uint32_t user, std::uint32_t since);

struct named_friend {
  std::uint32_t id = 0;
  std::string name;
  std::string remark;
  std::string grouping;
  std::uint32_t since = 0;
};
std::vector<named_friend> named_friends(parley::sql& db, std::uint32_t user, std::uint32_t most);

// ---- groupings: store_groupings.cpp ----

/// In the user's order.
std::vector<IMGrouping> groupings(parley::sql& db, std::uint32_t user);
void add_grouping(parley::sql& db, std::uint32_t user, std::uint32_t grouping, std::string_view name,
                  std::uint32_t position);
void rename_grouping(parley::sql& db, std::uint32_t user, std::uint32_t grouping, std::string_view name);
void place_grouping(parley::sql& db, std::uint32_t user, std::uint32_t grouping, std::uint32_t position);
/// Its friends are in none then.
void delete_grouping(parley::sql& db, std::uint32_t user, std::uint32_t grouping, std::uint32_t revision,
                     std::uint32_t now);

// ---- blocks: store_blocks.cpp ----

bool blocks(parley::sql& db, std::uint32_t user, std::uint32_t peer);
std::size_t count_blocks(parley::sql& db, std::uint32_t user);
void add_block(parley::sql& db, std::uint32_t user, std::uint32_t peer, std::uint32_t now);
/// False when there was none.
bool remove_block(parley::sql& db, std::uint32_t user, std::uint32_t peer);
/// Newest first.
std::vector<IMBlock> blocks_of(parley::sql& db, std::uint32_t user, std::uint32_t most);
struct named_block {
  std::uint32_t id = 0;
  std::string name;
  std::uint32_t since = 0;
};
std::vector<named_block> named_blocks(parley::sql& db, std::uint32_t user, std::uint32_t most);

// ---- pending requests: store_requests.cpp. Those made before `oldest` count as gone. ----

struct pending {
  std::string text;
  bool hidden = false;
  std::uint32_t created = 0;
};
std::optional<pending> find_request(parley::sql& db, std::uint32_t from, std::uint32_t to, std::uint32_t oldest);
/// Hidden ones are not among them.
std::size_t count_incoming(parley::sql& db, std::uint32_t to, std::uint32_t oldest);
std::size_t count_outgoing(parley::sql& db, std::uint32_t from, std::uint32_t oldest);
void save_request(parley::sql& db, std::uint32_t from, std::uint32_t to, std::string_view text, bool hidden,
                  std::uint32_t now);
/// False when there was none.
bool delete_request(parley::sql& db, std::uint32_t from, std::uint32_t to);
/// True when there was one.
bool hide_request(parley::sql& db, std::uint32_t from, std::uint32_t to);
/// Takes those away that are older. Not inside a transaction: it locks no list.
void delete_expired(parley::sql& db, std::uint32_t to, std::uint32_t oldest);
/// Newest first.
std::vector<IMPendingFriend> incoming(parley::sql& db, std::uint32_t to, std::uint32_t oldest, std::uint32_t most);
std::vector<IMPendingFriend> outgoing(parley::sql& db, std::uint32_t from, std::uint32_t oldest, std::uint32_t most);

}  // namespace buddy::store
