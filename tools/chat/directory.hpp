#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "IM.BaseDefine.pb.h"
#include "chat/conversation.hpp"

namespace parley::chat {

/// Names of users and groups, and who is online. Every name it gives out is printable.
class directory {
 public:
  struct person {
    std::string name;  ///< the login name
    std::string nickname;
    bool online = false;
    bool left = false;
  };

  /// What a name typed by a person can mean.
  struct match {
    std::vector<peer> found;  ///< one: that is it; more: ambiguous
  };

  void add(const IM::BaseDefine::UserInfo& profile);
  void add(const IM::BaseDefine::GroupInfo& group);
  void set_online(std::uint32_t user_id, bool online);

  /// Exact name or nickname first, then any beginning, both without regard to ASCII case; "#name" or "#id" for groups,
  /// a bare number for a user id.
  match find(std::string_view typed) const;

  bool knows(const peer& who) const;
  std::string name(const peer& who) const;
  bool online(std::uint32_t user_id) const;

  /// Everybody who has not left, by name.
  std::vector<std::uint32_t> people() const;
  std::vector<std::string> names() const;
  const person& at(std::uint32_t user_id) const { return people_.at(user_id); }
  const std::map<std::uint32_t, std::string>& groups() const { return groups_; }

 private:
  std::map<std::uint32_t, person> people_;
  std::map<std::uint32_t, std::string> groups_;
};

}  // namespace parley::chat
