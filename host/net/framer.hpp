// Cuts a byte stream into PDUs. Owns a buffer only while a PDU is incomplete or its session is held.
#pragma once

#include <string>
#include <string_view>

#include "host/net/pdu.hpp"

namespace parley::host {

enum class framing { ok, too_short, too_long };

class framer {
 public:
  /// Takes `data`, calls sink(pdu_view) -> bool for each complete PDU; false means: keep the rest for later. A bad
  /// length ends it: the stream cannot be trusted any more.
  template <class Sink>
  framing feed(std::string_view data, std::size_t max_pdu, Sink&& sink) {
    if (pending_.empty()) {
      std::size_t used = 0;
      auto verdict = cut(data, max_pdu, used, sink);
      if (verdict == framing::ok && used < data.size()) keep(data.substr(used), max_pdu);
      return verdict;
    }
    pending_.append(data);
    return resume(max_pdu, sink);
  }

  /// Goes on with what was kept, after a sink said false.
  template <class Sink>
  framing resume(std::size_t max_pdu, Sink&& sink) {
    std::string taken;
    taken.swap(pending_);  // a sink may feed back into this object only through a later turn
    std::size_t used = 0;
    auto verdict = cut(taken, max_pdu, used, sink);
    if (verdict == framing::ok && used < taken.size()) {
      if (used) taken.erase(0, used);
      pending_.swap(taken);
    }
    return verdict;
  }

  /// Bytes kept.
  std::size_t pending() const { return pending_.size(); }
  std::size_t capacity() const { return pending_.capacity(); }

 private:
  template <class Sink>
  static framing cut(std::string_view data, std::size_t max_pdu, std::size_t& used, Sink& sink) {
    while (data.size() - used >= 4) {
      const char* p = data.data() + used;
      const std::size_t length = load32(p);
      if (length < header_size) return framing::too_short;
      if (length > max_pdu) return framing::too_long;
      if (data.size() - used < length) break;
      pdu_view pdu{load16(p + 10), load16(p + 12), {p, length}, {p + header_size, length - header_size}};
      used += length;
      if (!sink(pdu)) break;
    }
    return framing::ok;
  }

  // Room for the whole PDU at once when its length is known, so that a slow one is not copied again and again.
  void keep(std::string_view rest, std::size_t max_pdu) {
    if (rest.size() >= 4) {
      const std::size_t length = load32(rest.data());
      // What a stranger announces is only reserved once a good part of it has come.
      if (length <= max_pdu && rest.size() * 4 >= length) pending_.reserve(length);
    }
    pending_.assign(rest);
  }

  std::string pending_;
};

}  // namespace parley::host
