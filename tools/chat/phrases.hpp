#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "IM.Group.pb.h"
#include "Parley.Group.pb.h"
#include "chat/directory.hpp"

namespace parley::chat {

/// What happened, in words for the person `me`. Printable.
class phrases {
 public:
  phrases(const directory& names, const std::uint32_t& me) : names_(names), me_(me) {}

  /// "you", or the name.
  std::string who(std::uint32_t user_id) const;
  /// "bob, carol and you"; what is beyond a dozen is counted.
  std::string list(std::span<const std::uint32_t> user_ids) const;
  std::string group(std::uint32_t group_id) const { return names_.name({true, group_id}); }

  /// Members came or went: who did it is one of them, or somebody else.
  std::string members(std::uint32_t actor, bool added, std::uint32_t group_id,
                      std::span<const std::uint32_t> changed) const;
  std::string owner(std::uint32_t group_id, std::uint32_t owner) const;
  std::string renamed(std::uint32_t actor, const std::string& before, std::uint32_t group_id) const;
  std::string dissolved(std::uint32_t actor, std::uint32_t group_id) const;
  std::string invitation(const parley::group::Invitation& what) const;
  std::string status(std::uint32_t user_id) const;

 private:
  const directory& names_;
  const std::uint32_t& me_;
};

}  // namespace parley::chat
