#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::chat {

/// What follows a command's name, cut into words at spaces. Double quotes keep spaces together, anywhere in a word:
/// #"our team" is one. A quote that is not closed ends with the line.
class words {
 public:
  explicit words(std::string_view line);

  bool empty() const { return at_ == words_.size(); }
  std::size_t size() const { return words_.size() - at_; }

  /// The first word, which leaves; empty when there is none.
  std::string take();
  /// The first one if it names a group ("#..."), which leaves; else empty.
  std::string take_group();
  /// The last one if it was quoted, which leaves; else empty.
  std::string take_quoted_end();

  /// All that is left, each word.
  std::vector<std::string> take_all();
  /// All that is left as it was typed; without its quotes when it is one word.
  std::string rest() const;

 private:
  struct word {
    std::string text;
    std::size_t begin = 0;  ///< in the line
    std::size_t end = 0;
    bool quoted = false;  ///< its first character was a quote
  };

  std::string line_;
  std::vector<word> words_;
  std::size_t at_ = 0;
};

}  // namespace parley::chat
