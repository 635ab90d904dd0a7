#include "client/pdu.hpp"

#include <google/protobuf/message_lite.h>

namespace parley::client {
namespace {

void put16(char* at, std::uint16_t v) {
  at[0] = static_cast<char>(v >> 8);
  at[1] = static_cast<char>(v);
}

void put32(char* at, std::uint32_t v) {
  put16(at, static_cast<std::uint16_t>(v >> 16));
  put16(at + 2, static_cast<std::uint16_t>(v));
}

std::uint16_t get16(const char* at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(at[0]) << 8 | static_cast<unsigned char>(at[1]));
}

std::uint32_t get32(const char* at) {
  return static_cast<std::uint32_t>(get16(at)) << 16 | get16(at + 2);
}

header head_for(std::uint16_t command_id, std::uint16_t seq_num, std::size_t body_size) {
  header head;
  head.length = static_cast<std::uint32_t>(header::size + body_size);
  head.service_id = command_id >> 8;
  head.command_id = command_id;
  head.seq_num = seq_num;
  return head;
}

}  // namespace

void write_header(const header& head, char* out) {
  put32(out, head.length);
  put16(out + 4, head.version);
  put16(out + 6, head.flag);
  put16(out + 8, head.service_id);
  put16(out + 10, head.command_id);
  put16(out + 12, head.seq_num);
  put16(out + 14, head.reserved);
}

header read_header(const char* in) {
  return {get32(in), get16(in + 4), get16(in + 6), get16(in + 8), get16(in + 10), get16(in + 12), get16(in + 14)};
}

bool pdu::read(google::protobuf::MessageLite& message) const {
  return message.ParsePartialFromArray(body.data(), static_cast<int>(body.size())) && message.IsInitialized();
}

void append_pdu(std::string& out, std::uint16_t command_id, std::uint16_t seq_num, std::string_view body) {
  const std::size_t at = out.size();
  out.resize(at + header::size);
  write_header(head_for(command_id, seq_num, body.size()), out.data() + at);
  out.append(body);
}

void append_pdu(std::string& out, std::uint16_t command_id, std::uint16_t seq_num,
                const google::protobuf::MessageLite& body) {
  const std::size_t at = out.size();
  const std::size_t size = body.ByteSizeLong();
  out.resize(at + header::size + size);
  write_header(head_for(command_id, seq_num, size), out.data() + at);
  body.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out.data() + at + header::size));
}

}  // namespace parley::client
