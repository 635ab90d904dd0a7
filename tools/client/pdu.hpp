#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace google::protobuf {
class MessageLite;
}

namespace parley::client {

/// The 16-byte head of every PDU, in host byte order. Fact: proto/README.md 1.
struct header {
  static constexpr std::size_t size = 16;

  std::uint32_t length = size;  ///< of the whole PDU, this header included
  std::uint16_t version = 1;
  std::uint16_t flag = 0;
  std::uint16_t service_id = 0;
  std::uint16_t command_id = 0;
  std::uint16_t seq_num = 0;
  std::uint16_t reserved = 0;

  bool operator==(const header&) const = default;
};

/// What a server of ours never exceeds towards a client, with room to spare; longer frames are taken for garbage.
inline constexpr std::uint32_t default_max_length = 16u << 20;

/// A PDU as it lies in a receive buffer: valid only while the callback that got it runs.
struct pdu {
  header head;
  std::string_view body;

  /// False when the body does not parse or lacks a required field. A failed parse is not logged.
  bool read(google::protobuf::MessageLite& message) const;
};

/// A PDU that owns its body.
struct owned_pdu {
  header head;
  std::string body;

  owned_pdu() = default;
  explicit owned_pdu(const pdu& view) : head(view.head), body(view.body) {}
  pdu view() const { return {head, body}; }
  bool read(google::protobuf::MessageLite& message) const { return view().read(message); }
};

/// Writes the 16 bytes of `head` to `out`.
void write_header(const header& head, char* out);

/// Reads 16 bytes; does not judge the length.
header read_header(const char* in);

/// Appends a whole PDU to `out`; service_id is command_id >> 8. Required fields that are missing are left out, not an
/// error: tests send such things.
void append_pdu(std::string& out, std::uint16_t command_id, std::uint16_t seq_num, std::string_view body);
void append_pdu(std::string& out, std::uint16_t command_id, std::uint16_t seq_num,
                const google::protobuf::MessageLite& body);

}  // namespace parley::client
