// The body of a login, which is read more leniently than other messages: whatever it accepts is whole.
#include <cstdint>
#include <cstdlib>

#include "plugins/login/decode_login.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  IM::Login::IMLoginReq message;
  if (!login::decode_login(message, body)) return 0;
  if (!message.IsInitialized()) std::abort();
  IM::Login::IMLoginReq again;
  if (!login::decode_login(again, message.SerializeAsString())) std::abort();
  if (again.online_status() != message.online_status()) std::abort();
  return 0;
}
