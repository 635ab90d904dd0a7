// What the dashboard is told beside the host's own numbers.
#pragma once

#include <string>
#include <string_view>

namespace http_admin {

/// `stats` as the host's verb answers it, with "acks" (messages that `message` has committed and acked), "ack_p50_us"
/// and "ack_p99_us"; as it was when it is no JSON.
std::string with_acks(std::string_view stats);

}  // namespace http_admin
