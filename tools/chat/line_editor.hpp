#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace parley::chat {

/// One editable line with history, for a terminal in raw mode. Knows nothing about the terminal: bytes typed go in,
/// what to show comes out.
class line_editor {
 public:
  struct handlers {
    std::function<void(std::string)> line;  ///< Enter
    std::function<void()> ended;            ///< Ctrl-D on an empty line, or Ctrl-C on one
    std::function<void()> suspend;          ///< Ctrl-Z
    /// Tab: what would complete `text` (all of the line up to the cursor), or empty.
    std::function<std::string(const std::string& text)> complete;
  };

  explicit line_editor(handlers on) : on_(std::move(on)) {}

  void typed(std::string_view bytes);

  /// The part of the line to show in `width` columns after a prompt of `prompt_width`, and where the cursor stands in
  /// it.
  struct picture {
    std::string text;
    std::size_t cursor_column;
  };
  picture show(std::size_t width, std::size_t prompt_width) const;

  std::string text() const;

 private:
  void key(char32_t point);
  void control(char32_t point);
  void escape(std::string_view sequence);
  void enter();
  void erase(std::size_t from, std::size_t to);
  void recall(bool older);
  void complete();
  std::size_t word_start() const;

  handlers on_;
  std::string raw_;       ///< bytes that do not make a key yet
  std::string sequence_;  ///< after ESC, until its last byte
  std::u32string text_;
  std::size_t cursor_ = 0;
  std::deque<std::u32string> history_;  ///< newest first
  std::size_t recalled_ = 0;            ///< 0: the line being written
  std::u32string draft_;
};

}  // namespace parley::chat
