// Whether two databases hold the same.
#pragma once

#include "store/catalog.hpp"
#include "store/report.hpp"

namespace parley::store {

/// Compares every table's rows, by number and by sum, and every conversation's; what was counted goes into the report.
/// Empty when all is the same, else a sentence that names the first table that differs and, where it holds messages,
/// the first conversation.
std::string compare(end& from, end& to, report& out);

}  // namespace parley::store
