#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/file_blocks.hpp"

namespace parley::bench {

/// Files that need no disk: every byte follows from the file's number and its place, and two files or two places
/// differ.
class file_pattern {
 public:
  static constexpr std::uint32_t largest_block = 1u << 20;

  file_pattern();

  /// At most largest_block of it.
  std::string_view at(std::uint32_t file, std::uint64_t offset, std::size_t size) const;

 private:
  std::string bytes_;
};

/// One of those files, for whoever sends it.
class pattern_source : public client::block_source {
 public:
  pattern_source(const file_pattern& all, std::uint32_t file, std::uint64_t& moved)
      : all_(all), moved_(moved), file_(file) {}
  client::result<> read(std::uint32_t offset, std::uint32_t size, std::string& out) override;

 private:
  const file_pattern& all_;
  std::uint64_t& moved_;
  std::uint32_t file_;
};

/// Compares every byte that arrives.
class pattern_sink : public client::block_sink {
 public:
  pattern_sink(const file_pattern& all, std::uint32_t file, std::uint64_t& moved)
      : all_(all), moved_(moved), file_(file) {}
  std::uint32_t received() const override { return received_; }
  client::result<> go_back(std::uint32_t offset) override;
  client::result<> append(std::string_view block) override;
  client::result<> complete() override { return client::done{}; }

 private:
  const file_pattern& all_;
  std::uint64_t& moved_;
  std::uint32_t file_;
  std::uint32_t received_ = 0;
};

}  // namespace parley::bench
