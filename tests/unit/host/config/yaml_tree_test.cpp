#include "host/config/yaml_tree.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

struct outcome {
  std::optional<yaml_node> root;
  std::vector<std::string> errors;
};

outcome read(std::string_view text) {
  std::vector<diagnostic> errors;
  outcome out{read_yaml(text, "m.yaml", errors), {}};
  for (const diagnostic& e : errors) out.errors.push_back(e.to_string());
  return out;
}

std::string only_error(std::string_view text) {
  const outcome out = read(text);
  return out.errors.size() == 1 ? out.errors[0] : std::to_string(out.errors.size()) + " errors";
}

TEST(yaml, keeps_places_and_order) {
  const outcome out = read("b: 1\na:\n  - x\n  - {y: z}\n");
  ASSERT_TRUE(out.root);
  ASSERT_EQ(out.root->entries.size(), 2u);
  EXPECT_EQ(out.root->entries[0].key, "b");
  const yaml_node& list = out.root->entries[1].value;
  ASSERT_EQ(list.items.size(), 2u);
  EXPECT_EQ(list.items[1].entries[0].value.text, "z");
  EXPECT_EQ(list.items[1].entries[0].value.at.line, 4);
  EXPECT_EQ(list.items[1].entries[0].value.at.column, 9);
}

TEST(yaml, refuses_a_key_that_stands_twice) {
  EXPECT_EQ(only_error("a: 1\nb: 2\na: 3\n"),
            "m.yaml:3:1: the key \"a\" stands twice here, first in line 1: remove one");
  EXPECT_EQ(only_error("x: {a: 1, a: 2}"), "m.yaml:1:11: the key \"a\" stands twice here, first in line 1: remove one");
}

TEST(yaml, says_where_the_syntax_breaks) {
  EXPECT_EQ(only_error("a: 1\nb: [1, 2\nc: 3\n").substr(0, 8), "m.yaml:3");
  EXPECT_NE(only_error("a: {b: ${X}, c: 1}").find("needs quotes"), std::string::npos);
  EXPECT_FALSE(read("a: [").root);
}

TEST(yaml, refuses_anchors_aliases_and_tags) {
  const outcome out = read("a: &x 1\nb: *x\nc: !!int 3\n");
  ASSERT_EQ(out.errors.size(), 3u);
  EXPECT_EQ(out.errors[0].substr(0, 24), "m.yaml:1:4: anchors are ");
  EXPECT_EQ(out.errors[1].substr(0, 24), "m.yaml:2:4: aliases are ");
  EXPECT_EQ(out.errors[2].substr(0, 21), "m.yaml:3:4: tags are ");
}

TEST(yaml, does_not_laugh_a_billion_times) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'i'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    text += std::string(1, c) + ": &" + c + " [*" + before;
    for (int i = 0; i < 8; ++i) text += ", *" + before;
    text += "]\n";
  }
  EXPECT_GT(read(text).errors.size(), 70u);
}

TEST(yaml, refuses_depth_size_and_number_beyond_reason) {
  EXPECT_NE(only_error(std::string(5000, '[')).find("nested deeper than 16 levels"), std::string::npos);
  EXPECT_NE(only_error(std::string((1 << 20) + 1, '#')).find("larger than 1024 KiB"), std::string::npos);
  std::string many = "a: [";
  for (int i = 0; i < 30000; ++i) many += "1,";
  EXPECT_NE(only_error(many + "]").find("more than 20000 values"), std::string::npos);
}

TEST(yaml, refuses_control_characters_and_broken_text) {
  EXPECT_EQ(only_error(std::string_view("a: 1\nb: \0\n", 10)).substr(0, 12), "m.yaml:2:4: ");
  EXPECT_EQ(only_error("a: \x04").substr(0, 12), "m.yaml:1:4: ");
  EXPECT_EQ(only_error("a: \xff").substr(0, 12), "m.yaml:1:4: ");
  EXPECT_EQ(only_error("a: \"x\\0\"").substr(0, 12), "m.yaml:1:4: ");
  EXPECT_TRUE(read("a: \xe4\xbd\xa0\xe5\xa5\xbd").errors.empty());
}

TEST(yaml, refuses_an_empty_file_and_a_second_document) {
  EXPECT_NE(only_error("").find("empty"), std::string::npos);
  EXPECT_NE(only_error("# only words\n").find("empty"), std::string::npos);
  EXPECT_EQ(only_error("a: 1\n---\nb: 2\n").substr(0, 34), "m.yaml:3:1: a second document begi");
}

TEST(yaml, refuses_keys_that_are_no_words) {
  EXPECT_EQ(only_error("? [a, b]\n: 1\n"), "m.yaml:1:3: a key is a plain word");
  EXPECT_EQ(only_error("~: 1\n"), "m.yaml:1:1: a key is a plain word");
}

}  // namespace
}  // namespace parley::host
