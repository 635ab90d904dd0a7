#include "chat/words.hpp"

#include <utility>

namespace parley::chat {

words::words(std::string_view line) : line_(line.substr(0, line.find_last_not_of(' ') + 1)) {
  for (std::size_t i = 0; i < line_.size();) {
    if (line_[i] == ' ') {
      ++i;
      continue;
    }
    word next{{}, i, i, line_[i] == '"'};
    for (bool inside = false; i < line_.size() && (inside || line_[i] != ' '); ++i) {
      if (line_[i] == '"') {
        inside = !inside;
      } else {
        next.text.push_back(line_[i]);
      }
    }
    next.end = i;
    words_.push_back(std::move(next));
  }
}

std::string words::take() {
  return empty() ? "" : std::move(words_[at_++].text);
}

std::string words::take_group() {
  return !empty() && words_[at_].text.starts_with('#') ? take() : "";
}

std::string words::take_quoted_end() {
  if (empty() || !words_.back().quoted) return "";
  std::string last = std::move(words_.back().text);
  words_.pop_back();
  line_.resize(words_.empty() ? 0 : words_.back().end);
  return last;
}

std::vector<std::string> words::take_all() {
  std::vector<std::string> all;
  while (!empty()) all.push_back(take());
  return all;
}

std::string words::rest() const {
  if (empty()) return "";
  return size() == 1 ? words_[at_].text : line_.substr(words_[at_].begin);
}

}  // namespace parley::chat
