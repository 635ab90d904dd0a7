// When all is over and mended: every user reads everything, and asks again.
#pragma once

#include "crash/workload/stage.hpp"

namespace parley::crash {

/// Adds one terminal per person to `to`: a message to each group it is not in, all pages of all its conversations and
/// of all groups, its unread counts, and up to `resends` of its acked messages sent again with other words. What cannot
/// be asked becomes a complaint.
void last_look(stage& on, history& to, std::size_t resends);

}  // namespace parley::crash
