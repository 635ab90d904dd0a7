#include "host/tls/openssl.hpp"

#include <openssl/err.h>

#include <cstring>

namespace parley::tls {

std::string take_error() {
  const auto code = ERR_peek_last_error();
  std::string text;
  if (ERR_SYSTEM_ERROR(code)) {
    text = std::strerror(ERR_GET_REASON(code));
  } else if (const char* reason = ERR_reason_error_string(code)) {
    text = reason;
  }
  ERR_clear_error();
  return text.empty() ? "unknown error" : text;
}

}  // namespace parley::tls
