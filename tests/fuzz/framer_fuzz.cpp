// The framer against any stream in any pieces, held now and then: it cuts the same PDUs as when the bytes come at once,
// keeps no more than it was given, and never hands out a PDU outside its limits.
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "host/net/framer.hpp"

namespace {

using namespace parley::host;

struct outcome {
  std::vector<std::string> pdus;
  framing verdict = framing::ok;
};

/// After each `hold_after` PDUs the rest has to wait until it is resumed; 0: never.
outcome cut(std::string_view data, std::size_t piece, std::size_t limit, std::size_t hold_after = 0) {
  outcome o;
  framer f;
  bool held = false;
  const auto sink = [&](const pdu_view& pdu) {
    if (pdu.raw.size() < header_size || pdu.raw.size() > limit || pdu.body.size() + header_size != pdu.raw.size())
      std::abort();
    o.pdus.emplace_back(pdu.raw);
    held = hold_after && o.pdus.size() % hold_after == 0;
    return !held;
  };
  while (!data.empty() && o.verdict == framing::ok) {
    const auto now = data.substr(0, piece);
    data.remove_prefix(now.size());
    o.verdict = f.feed(now, limit, sink);
    while (std::exchange(held, false) && o.verdict == framing::ok) o.verdict = f.resume(limit, sink);
    if (f.pending() > limit + piece) std::abort();
  }
  return o;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t piece = bytes[0] + 1u;
  const std::size_t limit = header_size + bytes[1] * 16u;
  const std::string_view data(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  const auto whole = cut(data, data.size() + 1, limit);
  const auto pieces = cut(data, piece, limit);
  if (whole.pdus != pieces.pdus || whole.verdict != pieces.verdict) std::abort();
  const auto held = cut(data, piece, limit, 1 + bytes[0] % 3);
  if (whole.pdus != held.pdus || whole.verdict != held.verdict) std::abort();
  return 0;
}
