#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "IM.BaseDefine.pb.h"
#include "Parley.Group.pb.h"
#include "chat/conversation.hpp"

namespace parley::chat {

enum class presence : std::uint8_t { offline, online, away };

presence presence_of(IM::BaseDefine::UserStatType status);

/// Names of users and groups, and who is online. Every name it gives out is printable.
class directory {
 public:
  struct person {
    std::string name;  ///< the login name
    std::string nickname;
    presence status = presence::offline;
    bool left = false;
  };

  struct group {
    std::string name;
    std::uint32_t owner = 0;
    std::size_t member_count = 0;
    bool left = false;  ///< its name is kept for what was said there
  };

  /// What a name typed by a person can mean.
  struct match {
    std::vector<peer> found;  ///< one: that is it; more: ambiguous
  };

  void add(const IM::BaseDefine::UserInfo& profile);
  void add(const IM::BaseDefine::GroupInfo& info);
  void add(const parley::group::MyGroup& info);
  void leave(std::uint32_t group_id);
  void set_owner(std::uint32_t group_id, std::uint32_t user_id);
  void rename(std::uint32_t group_id, std::string_view name);
  void set_status(std::uint32_t user_id, presence status);

  /// Exact name or nickname first, then any beginning, both without regard to ASCII case; a bare number for a user id.
  /// "#id" is a group's id before it is a name: so every group can be reached.
  match find(std::string_view typed) const;

  bool knows(const peer& who) const;
  std::string name(const peer& who) const;
  /// The name with the number that tells it from others of that name: "alice (7)", "#team (#9)".
  std::string name_and_id(const peer& who) const;
  presence status(std::uint32_t user_id) const;
  bool online(std::uint32_t user_id) const { return status(user_id) != presence::offline; }

  /// Everybody who has not left, by name.
  std::vector<std::uint32_t> people() const;
  std::vector<std::string> names() const;
  const person& at(std::uint32_t user_id) const { return people_.at(user_id); }
  /// Those one is in, by id.
  std::vector<std::uint32_t> groups() const;
  bool is_in(std::uint32_t group_id) const;
  /// What is known of a group; empty for one that is not.
  const group& group_at(std::uint32_t group_id) const;

 private:
  std::map<std::uint32_t, person> people_;
  std::map<std::uint32_t, group> groups_;
};

}  // namespace parley::chat
