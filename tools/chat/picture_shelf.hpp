#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace parley::chat {

/// The pictures that were shown, by number. Numbers are never used twice; the oldest pictures are forgotten.
class picture_shelf {
 public:
  /// What is shown of a text: each picture in it as "[picture 3 URL]". The same URL keeps its number.
  std::string named(std::string_view text);

  /// Its URL; nullptr when it is not there (any more).
  const std::string* find(std::size_t number) const;

 private:
  static constexpr std::size_t remembered = 1000;

  std::size_t number_of(std::string_view url);

  std::deque<std::string> urls_;
  std::size_t forgotten_ = 0;
};

}  // namespace parley::chat
