#include "chat/line_editor.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace parley::chat {
namespace {

class line_editor_test : public testing::Test {
 protected:
  std::vector<std::string> lines;
  int ended = 0;
  int suspended = 0;
  line_editor editor{{[this](std::string line) { lines.push_back(std::move(line)); }, [this] { ++ended; },
                      [this] { ++suspended; }, [](const std::string& text) { return text == "/to b" ? "ob " : ""; }}};
};

TEST_F(line_editor_test, gives_a_line_at_enter) {
  editor.typed("hello\rnext");
  EXPECT_EQ(lines, std::vector<std::string>{"hello"});
  EXPECT_EQ(editor.text(), "next");
}

TEST_F(line_editor_test, edits_where_the_cursor_is) {
  editor.typed("helo\x1b[Dl");              // left, insert
  editor.typed("\x01>\x05<");               // to the start, to the end
  editor.typed("xy\x7f\x08\x1b[H\x1b[3~");  // backspaces, home, delete
  EXPECT_EQ(editor.text(), "hello<");
}

TEST_F(line_editor_test, erases_words_and_sides) {
  editor.typed("one two  \x17");
  EXPECT_EQ(editor.text(), "one ");
  editor.typed("\x15");
  EXPECT_EQ(editor.text(), "");
}

TEST_F(line_editor_test, takes_characters_cut_in_two_and_erases_them_whole) {
  editor.typed("\xe4\xbd");
  EXPECT_EQ(editor.text(), "");
  editor.typed("\xa0\xe5\xa5\xbd");
  EXPECT_EQ(editor.text(), "你好");
  editor.typed("\x7f");
  EXPECT_EQ(editor.text(), "你");
}

TEST_F(line_editor_test, recalls_older_lines_and_returns_to_the_draft) {
  editor.typed("one\rtwo\rdraft");
  editor.typed("\x1b[A");
  EXPECT_EQ(editor.text(), "two");
  editor.typed("\x1b[A\x1b[A");
  EXPECT_EQ(editor.text(), "one");
  editor.typed("\x1b[B\x1b[B");
  EXPECT_EQ(editor.text(), "draft");
}

TEST_F(line_editor_test, ends_only_on_an_empty_line) {
  editor.typed("x\x03");
  EXPECT_EQ(editor.text(), "");
  EXPECT_EQ(ended, 0);
  editor.typed("\x04");
  EXPECT_EQ(ended, 1);
}

TEST_F(line_editor_test, ignores_sequences_it_does_not_know) {
  editor.typed("a\x1b[15~\x1b[1;5C\x1bOPb");
  EXPECT_EQ(editor.text(), "ab");
}

TEST_F(line_editor_test, completes_at_tab) {
  editor.typed("/to b\t");
  EXPECT_EQ(editor.text(), "/to bob ");
}

TEST_F(line_editor_test, shows_the_part_around_the_cursor) {
  editor.typed("0123456789");
  EXPECT_EQ(editor.show(80, 2).text, "0123456789");
  EXPECT_EQ(editor.show(80, 2).cursor_column, 10u);
  const auto narrow = editor.show(8, 2);
  EXPECT_EQ(narrow.text, "56789");
  EXPECT_EQ(narrow.cursor_column, 5u);
}

}  // namespace
}  // namespace parley::chat
