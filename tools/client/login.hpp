#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "IM.Login.pb.h"
#include "client/pdu.hpp"
#include "client/result.hpp"

namespace parley::client {

/// The extension level this library speaks. Fact: proto/README.md 5.
inline constexpr std::uint32_t spoken_level = 1;

/// Who logs in, and as what. `password` is the plain text.
struct credentials {
  std::string user;
  std::string password;
  IM::BaseDefine::ClientType client_type = IM::BaseDefine::CLIENT_TYPE_WINDOWS;
  std::uint32_t extension_level = spoken_level;
  std::string client_version = "parley";
};

struct identity {
  std::uint32_t user_id = 0;
  std::string name;
  std::string nickname;
  std::uint32_t server_time = 0;      ///< Unix seconds
  std::uint32_t extension_level = 0;  ///< granted
};

IM::Login::IMLoginReq login_request(const credentials& who);

/// What 0x0104 says. A refusal carries the result_code and a sentence: the server's own text, or ours for the code.
result<identity> read_login(const pdu& answer);

/// What a code of 0x0901 means, in words.
std::string_view reason_of_refusal(std::uint32_t code);

/// What 0x0901 says.
error read_refusal(const pdu& answer);

/// What 0x0107 says, as a sentence.
std::string read_kick(const pdu& notice);

}  // namespace parley::client
