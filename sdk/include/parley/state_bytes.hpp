// The bytes of plugin::save_state(): plain values in this machine's order, which they do not leave. [any]
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace parley {

template <class Value>
void put(std::string& out, const Value& value) {
  static_assert(std::is_trivially_copyable_v<Value>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
inline void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

/// Past the end there are zeros only, and ok() is false from then on.
class state_reader {
 public:
  explicit state_reader(std::string_view bytes) : rest_(bytes) {}

  template <class Value>
  Value get() {
    static_assert(std::is_trivially_copyable_v<Value>);
    Value out{};
    ok_ = ok_ && rest_.size() >= sizeof out;
    if (!ok_) return out;
    std::memcpy(&out, rest_.data(), sizeof out);
    rest_.remove_prefix(sizeof out);
    return out;
  }
  std::string_view text() {
    const auto size = get<std::uint32_t>();
    ok_ = ok_ && rest_.size() >= size;
    if (!ok_) return {};
    const auto out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }
  /// Everything is read, and there was enough.
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace parley
