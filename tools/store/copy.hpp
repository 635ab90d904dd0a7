// Rows from one database into another.
#pragma once

#include "store/progress.hpp"
#include "store/report.hpp"

namespace parley::store {

/// Every table of `tables` but bookkeeping, each from where an earlier copy was cut. A portion of rows and the note of
/// how far it goes are one transaction.
void copy_tables(end& from, end& to, const catalog& tables, progress& where, report& out);

}  // namespace parley::store
