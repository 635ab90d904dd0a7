// SQL of the directory. IMUser and IMDepart are made by login's migrations. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

#include "IM.BaseDefine.pb.h"
#include "pages.hpp"

namespace buddy::store {

using profile = IM::BaseDefine::UserInfo;
using department = IM::BaseDefine::DepartInfo;

/// Whose telephone number and e-mail somebody may see.
class contact_details {
 public:
  /// Everybody's.
  contact_details() = default;
  /// One's own and one's friends'.
  contact_details(parley::sql& db, std::uint32_t viewer);
  void apply(profile& one) const;

 private:
  bool everyones_ = true;
  std::vector<std::uint32_t> visible_;  // sorted
};

/// In order of id; ids that are nobody's are left out. `ids` are sorted and unique.
std::vector<page<profile>> users(parley::sql& db, const std::vector<std::uint32_t>& ids,
                                 const contact_details& details);

/// since 0: everybody who has not left. Else who changed at `since` or later, those who left included; nobody when
/// nothing changed after it.
changes<profile> users_since(parley::sql& db, std::uint32_t since, const contact_details& details);

/// Changed after `since`, deleted ones included; 0: all.
changes<department> departments_since(parley::sql& db, std::uint32_t since);

enum class saved { no_user, unchanged, changed };
saved set_signature(parley::sql& db, std::uint32_t id, std::string_view sign_info, std::uint32_t now);
saved set_avatar(parley::sql& db, std::uint32_t id, std::string_view avatar, std::uint32_t now);

}  // namespace buddy::store
