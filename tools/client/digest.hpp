#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::client {

/// 32 lower-case hex digits: what IMLoginReq.password carries for a password in UTF-8.
std::string md5_hex(std::string_view bytes);

/// `size` bytes from the system's generator.
std::string random_bytes(std::size_t size);

/// A fresh client_msg_id: 16 random bytes.
inline std::string new_client_msg_id() {
  return random_bytes(16);
}

std::string to_hex(std::string_view bytes);

}  // namespace parley::client
