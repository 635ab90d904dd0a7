// The WebSocket reader against any stream in any pieces, held now and then: the same PDUs and the same verdict as when
// the bytes come at once, and no more kept than was given.
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "host/net/websocket_reader.hpp"

namespace {

using namespace parley::host;

struct listener_to_fuzz {
  std::vector<std::string> pdus;
  std::vector<std::string> pings;
  std::size_t limit = 0;
  std::size_t hold_after = 0;
  bool held = false;
  bool on_message(const pdu_view& pdu) {
    if (pdu.raw.size() < header_size || pdu.raw.size() > limit || pdu.body.size() + header_size != pdu.raw.size())
      std::abort();
    pdus.emplace_back(pdu.raw);
    held = hold_after && pdus.size() % hold_after == 0;
    return !held;
  }
  bool on_ping(std::string_view payload) {
    if (payload.size() > most_ws_control) std::abort();
    pings.emplace_back(payload);
    return true;
  }
};

struct read_outcome {
  listener_to_fuzz got;
  ws_verdict verdict;
};

read_outcome read_in(std::string data, std::size_t piece, std::size_t limit, std::size_t hold_after = 0) {
  read_outcome o;
  o.got.limit = limit;
  o.got.hold_after = hold_after;
  websocket_reader reader;
  for (std::size_t at = 0; at < data.size() && o.verdict.good(); at += piece) {
    const auto size = std::min(piece, data.size() - at);
    o.verdict = reader.feed({data.data() + at, size}, limit, o.got);
    while (std::exchange(o.got.held, false) && o.verdict.good()) o.verdict = reader.resume(limit, o.got);
    if (reader.pending() > limit + piece + most_ws_head + most_ws_control) std::abort();
  }
  return o;
}

void same(const read_outcome& a, const read_outcome& b) {
  if (a.got.pdus != b.got.pdus || a.got.pings != b.got.pings || a.verdict.code != b.verdict.code) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t piece = bytes[0] + 1u;
  const std::size_t limit = header_size + bytes[1] * 16u;
  const std::string data(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  const auto whole = read_in(data, data.size() + 1, limit);
  same(whole, read_in(data, piece, limit));
  same(whole, read_in(data, piece, limit, 1 + bytes[0] % 3));
  return 0;
}
