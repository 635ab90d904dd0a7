// The destination's tables, as the plugins' own migrations make them.
#pragma once

#include <string>
#include <vector>

#include "store/catalog.hpp"

namespace parley::store {

/// Throws trouble when the destination has rows, or tables of its own, that no copy of ours has put there.
void refuse_foreign_rows(end& to, const catalog& tables);

/// Applies at the destination the migrations that the source knows, and no others: by the plugins in `directories`,
/// described by `parleyd`. How many were applied. Throws trouble when one is not to be had.
int migrate_like(end& from, end& to, const std::string& parleyd, const std::vector<std::string>& directories);

/// Tables and columns that no migration makes, TeamTalk's for instance: names, types as near as the other database has
/// them, and the primary key.
void add_missing(const catalog& from, end& to);

}  // namespace parley::store
