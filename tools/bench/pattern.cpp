#include "bench/pattern.hpp"

#include <algorithm>
#include <charconv>

#include "client/digest.hpp"

namespace parley::bench {
namespace {

constexpr std::size_t digits = 8;
constexpr std::string_view hex = "0123456789abcdef";

void put(char* at, std::uint32_t value) {
  for (std::size_t i = 0; i < digits; ++i) at[i] = hex[value >> (28 - 4 * i) & 15];
}

bool get(std::string_view text, std::uint32_t& value) {
  return std::from_chars(text.data(), text.data() + digits, value, 16).ptr == text.data() + digits;
}

}  // namespace

pattern::pattern(std::size_t size) : run_(0), text_(std::max(size, least_size), '.') {
  for (const char c : client::random_bytes(4)) run_ = run_ << 8 | static_cast<unsigned char>(c);
  put(text_.data(), run_);
}

std::string pattern::write(mark which) {
  put(text_.data() + digits, which.sender);
  put(text_.data() + 2 * digits, which.number);
  return *codec_.encrypt(text_);
}

pattern::reading pattern::read(std::string_view sealed) {
  const auto text = codec_.decrypt(sealed);
  std::uint32_t run = 0;
  mark which{};
  if (!text || text->size() < least_size || !get(*text, run) || run != run_) return {kind::foreign, which};
  const std::string_view all = *text;
  const bool whole = all.size() == text_.size() && get(all.substr(digits), which.sender) &&
                     get(all.substr(2 * digits), which.number) &&
                     all.find_first_not_of('.', least_size) == std::string_view::npos;
  return {whole ? kind::ours : kind::damaged, which};
}

std::string pattern::client_msg_id(mark which) const {
  std::string id(3 * digits, '0');
  put(id.data(), run_);
  put(id.data() + digits, which.sender);
  put(id.data() + 2 * digits, which.number);
  return id;
}

}  // namespace parley::bench
