#include "terminal_slot.hpp"

#include <parley/state_bytes.hpp>

#include "IM.BaseDefine.pb.h"

namespace login {

std::string saved(const terminal_origin& origin) {
  std::string out;
  out.reserve(5 + origin.address.size());
  parley::put(out, origin.since);
  parley::put(out, static_cast<std::uint8_t>(origin.web));
  return out += origin.address;
}

std::optional<terminal_origin> restored(std::uint32_t version, std::string_view bytes) {
  if (version != terminal_slot_version) return std::nullopt;
  parley::state_reader in(bytes);
  terminal_origin origin;
  origin.since = in.get<std::uint32_t>();
  origin.web = in.get<std::uint8_t>() != 0;
  if (!in.ok()) return std::nullopt;
  origin.address = in.rest();
  return origin;
}

std::string terminal_word(std::uint32_t client_type, bool web) {
  if (web) return "web";
  switch (client_type) {
    case IM::BaseDefine::CLIENT_TYPE_WINDOWS:
      return "win";
    case IM::BaseDefine::CLIENT_TYPE_MAC:
      return "mac";
    case IM::BaseDefine::CLIENT_TYPE_IOS:
      return "ios";
    case IM::BaseDefine::CLIENT_TYPE_ANDROID:
      return "android";
    default:
      return std::to_string(client_type);
  }
}

}  // namespace login
