#include "bench/file_pattern.hpp"

namespace parley::bench {
namespace {

constexpr std::uint32_t period = 1'048'573;  // a prime: no block size divides it
constexpr std::uint64_t step = 7919;

}  // namespace

file_pattern::file_pattern() {
  bytes_.reserve(period + largest_block);
  std::uint64_t state = 0x9e3779b97f4a7c15;
  while (bytes_.size() < period) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    bytes_.push_back(static_cast<char>(state >> 32));
  }
  bytes_.append(bytes_.substr(0, largest_block));
}

std::string_view file_pattern::at(std::uint32_t file, std::uint64_t offset, std::size_t size) const {
  return std::string_view(bytes_).substr((file * step + offset) % period, size);
}

client::result<> pattern_source::read(std::uint32_t offset, std::uint32_t size, std::string& out) {
  out.assign(all_.at(file_, offset, size));
  moved_ += size;
  return client::done{};
}

client::result<> pattern_sink::go_back(std::uint32_t offset) {
  if (offset > received_) return client::error{client::failure::malformed, "the server goes on behind what is here"};
  received_ = offset;
  return client::done{};
}

client::result<> pattern_sink::append(std::string_view block) {
  if (block != all_.at(file_, received_, block.size())) {
    return client::error{client::failure::malformed, "damaged behind byte " + std::to_string(received_)};
  }
  received_ += static_cast<std::uint32_t>(block.size());
  moved_ += block.size();
  return client::done{};
}

}  // namespace parley::bench
