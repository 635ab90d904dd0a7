// The keys of programs that use /query/.
#pragma once

#include <string>
#include <string_view>

namespace http_admin {

/// 256 random bits, in 43 characters of base64url. Needs sodium_init().
std::string new_app_key();

/// What is stored of it. A key has as many random bits as its digest: a slow hash would keep nothing safer.
std::string digest_of(std::string_view key);

}  // namespace http_admin
