// Cuts a client's WebSocket stream into messages, each exactly one PDU. Owns a buffer only while a message is
// incomplete or its session is held, as the framer does.
//
// Rationale: not wslay, whose contexts hold 8 KiB for each connection and copy each message: here a message that came
// whole is unmasked and handed out where it was read. The tests hold this reader against wslay's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "host/net/pdu.hpp"
#include "host/net/websocket_frame.hpp"

namespace parley::host {

/// What ends a connection, or nothing.
struct ws_verdict {
  std::uint16_t code = 0;   // to close with; 0 = it goes on
  const char* reason = "";  // a static word, for the counters; "eof": the client has said goodbye
  bool good() const { return code == 0; }
};

class websocket_reader {
 public:
  /// Takes `data`, which it unmasks in place; calls sink.on_message(pdu_view) -> bool for each PDU, false meaning: keep
  /// the rest for later; and sink.on_ping(payload). After a verdict that is not good nothing more may be fed.
  template <class Sink>
  ws_verdict feed(std::span<char> data, std::size_t max_pdu, Sink&& sink) {
    if (kept_.empty()) return read(data, max_pdu, sink);
    kept_.append(data.data(), data.size());
    return resume(max_pdu, sink);
  }

  /// Goes on with what was kept, after a sink said false.
  template <class Sink>
  ws_verdict resume(std::size_t max_pdu, Sink&& sink) {
    std::string taken;
    taken.swap(kept_);
    return read(taken, max_pdu, sink);
  }

  /// Bytes kept, and of them what waits for a resume().
  std::size_t pending() const { return kept_.size() + message_.size(); }
  bool waits() const { return !kept_.empty(); }
  std::size_t capacity() const { return kept_.capacity() + message_.capacity(); }

 private:
  struct head {
    ws_opcode opcode;
    bool last;
    std::uint64_t size;
    std::size_t bytes;  // of the head itself; 0 = not all of it is there
    unsigned char mask[4];
  };

  /// The frame that begins at `data`; the verdict is about what may not be.
  ws_verdict read_head(std::string_view data, std::size_t max_pdu, head& out) const;
  static void unmask(char* data, std::size_t size, const unsigned char* mask, std::size_t from);
  static ws_verdict close_code(std::string_view payload);
  /// Not exactly one PDU?
  static ws_verdict view_pdu(std::string_view message, pdu_view& out);
  void begin(const head& h);

  template <class Sink>
  ws_verdict read(std::span<char> data, std::size_t max_pdu, Sink& sink) {
    while (!data.empty()) {
      if (left_ > 0) {
        data = data.subspan(take_payload(data));
      } else {
        head h;
        if (auto wrong = read_head({data.data(), data.size()}, max_pdu, h); !wrong.good()) return wrong;
        const bool control = static_cast<unsigned>(h.opcode) >= 8;
        const bool whole = h.bytes > 0 && data.size() - h.bytes >= h.size;
        if (h.bytes == 0 || (control && !whole)) {
          kept_.assign(data.data(), data.size());  // less than a control frame
          return {};
        }
        const auto payload = data.subspan(h.bytes, whole ? static_cast<std::size_t>(h.size) : 0);
        if (control) {
          unmask(payload.data(), payload.size(), h.mask, 0);
          data = data.subspan(h.bytes + payload.size());
          const std::string_view said(payload.data(), payload.size());
          if (h.opcode == ws_opcode::close) return close_code(said);
          if (h.opcode == ws_opcode::ping && !sink.on_ping(said)) return keep(data);
          continue;
        }
        if (whole && h.last && !in_message_) {
          unmask(payload.data(), payload.size(), h.mask, 0);
          data = data.subspan(h.bytes + payload.size());
          pdu_view pdu;
          if (auto wrong = view_pdu({payload.data(), payload.size()}, pdu); !wrong.good()) return wrong;
          if (!sink.on_message(pdu)) return keep(data);
          continue;
        }
        begin(h);
        data = data.subspan(h.bytes);
      }
      if (left_ > 0 || !last_) continue;
      std::string message;
      message.swap(message_);
      in_message_ = last_ = false;
      pdu_view pdu;
      if (auto wrong = view_pdu(message, pdu); !wrong.good()) return wrong;
      if (!sink.on_message(pdu)) return keep(data);
    }
    return {};
  }

  std::size_t take_payload(std::span<char> data);
  ws_verdict keep(std::span<char> rest) {
    kept_.assign(rest.data(), rest.size());
    return {};
  }

  std::string kept_;        // as it came
  std::string message_;     // unmasked, of the message that is incomplete
  std::uint64_t left_ = 0;  // of the payload of the frame that is incomplete
  std::uint64_t at_ = 0;    // in that payload
  unsigned char mask_[4] = {};
  bool in_message_ = false;  // a data frame has begun
  bool last_ = false;        // it is the message's last
};

}  // namespace parley::host
