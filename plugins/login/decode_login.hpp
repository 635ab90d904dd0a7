// The body of 0x0103.
#pragma once

#include <string>

#include "IM.Login.pb.h"

namespace login {

/// A status that the enum lacks counts as online (flows of TeamTalk's msg_server); to proto2 it is a missing field.
bool decode_login(IM::Login::IMLoginReq& message, const std::string& body);

}  // namespace login
