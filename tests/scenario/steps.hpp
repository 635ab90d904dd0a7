// The sentences that a scenario is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <regex>
#include <span>
#include <string>
#include <vector>

#include "scenario/script.hpp"
#include "scenario/world.hpp"

namespace parley::scenario {

/// One sentence being played. word(1) is the first group of its form; empty when it is not there.
struct utterance {
  world& in;
  const schema& messages;
  const std::smatch& words;
  const step& what;

  std::string word(std::size_t group) const { return words[group].str(); }
  actor& who() const { return in.at(word(1)); }
};

struct sentence_form {
  std::string example;  ///< for people, and for "known are, for example"
  std::regex pattern;
  int command;  ///< which group names a command, so that the block can be checked without a server; 0 = none
  void (*run)(const utterance& u);
};

/// A sentence as it stands in a table. In its pattern WHO, TEXT, COMMAND, CLIENT, GROUP and SEQ stand for groups.
struct row {
  const char* example;
  const char* pattern;
  int command;
  void (*run)(const utterance& u);
};

/// group_steps.cpp
std::span<const row> group_rows();
/// web_steps.cpp
std::span<const row> web_rows();

std::optional<std::uint16_t> seq_of(const std::string& digits);
/// "a, b and c"
std::vector<std::string> list_of(const std::string& text);

/// Throws test::failure naming the known sentences when it is none of them.
const sentence_form& form_of(const step& what, std::smatch& words);

}  // namespace parley::scenario
