// What an upload is answered, byte for byte as TeamTalk's clients know it.
#pragma once

#include <string>
#include <string_view>

#include "faults.hpp"

namespace msfs {

/// The HTTP status: TeamTalk says 200 to everything, and its clients read no further otherwise.
unsigned status_of(fault why);
/// `sentence` is for the faults of ours, 12 and up; TeamTalk's have their own.
std::string refusal(fault why, std::string_view sentence);
/// `base` is "http://host[:port]", with https, or longer, without a slash at its end; `path` begins with g0/.
std::string success(std::string_view base, std::string_view path);

/// "http://" or "https://" and a Host header that is one; otherwise empty.
std::string base_of_host(std::string_view host, bool tls);

}  // namespace msfs
