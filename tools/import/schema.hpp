// The tables an import finds, and those it needs.
#pragma once

#include "host/pool/migrations.hpp"
#include "import/job.hpp"

namespace parley::teamtalk {

/// Throws trouble unless TeamTalk's tables, columns and character sets are there and, when it is to write, this user
/// may change them, and the schema is not of a newer Parley.
void check_schema(job& work);

/// The migrations of login and message, which own the tables that are written to, and the import's own:
///   import_progress  the steps and how far they have come
///   import_change    every value that was rewritten in TeamTalk's tables
///   group_shield     who wants no push for which group
void migrate(job& work);

/// The import's own, under the name import-teamtalk.
const std::vector<host::migration>& own_migrations();

}  // namespace parley::teamtalk
