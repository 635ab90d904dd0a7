#include "decode_login.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace login {
namespace {

/// Whether a varint of this field stands among what the parser did not know.
bool has_unknown_number(const std::string& unknown, int field) {
  using google::protobuf::internal::WireFormatLite;
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(unknown.data()),
                                            static_cast<int>(unknown.size()));
  while (const std::uint32_t tag = in.ReadTag()) {
    if (tag == WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_VARINT)) return true;
    if (!WireFormatLite::SkipField(&in, tag)) break;
  }
  return false;
}

}  // namespace

bool decode_login(IM::Login::IMLoginReq& message, const std::string& body) {
  if (!message.ParsePartialFromString(body)) return false;
  if (!message.has_online_status() &&
      has_unknown_number(message.unknown_fields(), IM::Login::IMLoginReq::kOnlineStatusFieldNumber)) {
    message.set_online_status(IM::BaseDefine::USER_STATUS_ONLINE);
  }
  return message.IsInitialized();
}

}  // namespace login
