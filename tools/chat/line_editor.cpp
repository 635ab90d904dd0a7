#include "chat/line_editor.hpp"

#include <algorithm>
#include <utility>

#include "chat/utf8.hpp"

namespace parley::chat {
namespace {

constexpr std::size_t history_limit = 200;
constexpr char32_t escape_key = 0x1b;

constexpr char32_t ctrl(char letter) {
  return static_cast<char32_t>(letter & 0x1f);
}

}  // namespace

void line_editor::typed(std::string_view bytes) {
  raw_.append(bytes);
  char32_t point = 0;
  while (take_code_point(raw_, point)) key(point);
}

void line_editor::key(char32_t point) {
  if (!sequence_.empty()) {
    append_utf8(sequence_, point);
    const bool introduced = sequence_.size() == 2 && (point == '[' || point == 'O');
    const bool parameter = sequence_.size() > 2 && point < 0x40;
    if (!introduced && !parameter) escape(std::exchange(sequence_, {}));
  } else if (point == escape_key) {
    sequence_.push_back(static_cast<char>(escape_key));
  } else if (point < 0x20 || point == 0x7f) {
    control(point);
  } else {
    text_.insert(cursor_++, 1, point);
  }
}

void line_editor::control(char32_t point) {
  switch (point) {
    case '\r':
    case '\n':
      return enter();
    case '\t':
      return complete();
    case 0x7f:
    case ctrl('H'):
      return cursor_ > 0 ? erase(cursor_ - 1, cursor_) : void();
    case ctrl('A'):
      cursor_ = 0;
      return;
    case ctrl('E'):
      cursor_ = text_.size();
      return;
    case ctrl('U'):
      return erase(0, cursor_);
    case ctrl('K'):
      return erase(cursor_, text_.size());
    case ctrl('W'):
      return erase(word_start(), cursor_);
    case ctrl('P'):
      return recall(true);
    case ctrl('N'):
      return recall(false);
    case ctrl('C'):
      return text_.empty() ? on_.ended() : erase(0, text_.size());
    case ctrl('D'):
      return text_.empty() ? on_.ended() : erase(cursor_, std::min(cursor_ + 1, text_.size()));
    case ctrl('Z'):
      return on_.suspend();
    default:
      return;
  }
}

void line_editor::escape(std::string_view sequence) {
  const std::string_view name = sequence.substr(1);
  if (name == "[A" || name == "OA") return recall(true);
  if (name == "[B" || name == "OB") return recall(false);
  if (name == "[C" || name == "OC") {
    cursor_ = std::min(cursor_ + 1, text_.size());
  } else if (name == "[D" || name == "OD") {
    cursor_ -= cursor_ > 0 ? 1 : 0;
  } else if (name == "[H" || name == "OH" || name == "[1~") {
    cursor_ = 0;
  } else if (name == "[F" || name == "OF" || name == "[4~") {
    cursor_ = text_.size();
  } else if (name == "[3~") {
    erase(cursor_, std::min(cursor_ + 1, text_.size()));
  }
}

void line_editor::enter() {
  const std::u32string line = std::exchange(text_, {});
  cursor_ = 0;
  recalled_ = 0;
  if (!line.empty() && (history_.empty() || history_.front() != line)) history_.push_front(line);
  if (history_.size() > history_limit) history_.pop_back();
  on_.line(to_utf8(line));
}

void line_editor::erase(std::size_t from, std::size_t to) {
  text_.erase(from, to - from);
  cursor_ = from;
}

void line_editor::recall(bool older) {
  if (older ? recalled_ == history_.size() : recalled_ == 0) return;
  if (recalled_ == 0) draft_ = text_;
  recalled_ += older ? 1 : std::size_t(-1);
  text_ = recalled_ == 0 ? draft_ : history_[recalled_ - 1];
  cursor_ = text_.size();
}

void line_editor::complete() {
  std::string more = on_.complete(to_utf8(std::u32string_view(text_).substr(0, cursor_)));
  char32_t point = 0;
  while (take_code_point(more, point)) text_.insert(cursor_++, 1, point);
}

std::size_t line_editor::word_start() const {
  std::size_t at = cursor_;
  while (at > 0 && text_[at - 1] == ' ') --at;
  while (at > 0 && text_[at - 1] != ' ') --at;
  return at;
}

line_editor::picture line_editor::show(std::size_t width, std::size_t prompt_width) const {
  const std::size_t room = width > prompt_width + 1 ? width - prompt_width - 1 : 1;
  const std::u32string_view all = text_;
  std::size_t begin = 0;
  while (columns(all.substr(begin, cursor_ - begin)) > room) ++begin;
  std::size_t end = cursor_;
  while (end < all.size() && columns(all.substr(begin, end + 1 - begin)) <= room) ++end;
  return {to_utf8(all.substr(begin, end - begin)), columns(all.substr(begin, cursor_ - begin))};
}

std::string line_editor::text() const {
  return to_utf8(text_);
}

}  // namespace parley::chat
