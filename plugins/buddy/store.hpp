// All SQL of buddy. IMUser and IMDepart are made by login's migrations. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <vector>

#include "IM.BaseDefine.pb.h"
#include "pages.hpp"

namespace buddy::store {

using user = IM::BaseDefine::UserInfo;
using department = IM::BaseDefine::DepartInfo;

/// In order of id; ids that are nobody's are left out. `ids` are sorted and unique.
std::vector<page<user>> users(parley::sql& db, const std::vector<std::uint32_t>& ids);

/// since 0: everybody who has not left. Else who changed at `since` or later, those who left included; nobody when
/// nothing changed after it.
changes<user> users_since(parley::sql& db, std::uint32_t since);

/// Changed after `since`, deleted ones included; 0: all.
changes<department> departments_since(parley::sql& db, std::uint32_t since);

}  // namespace buddy::store
