// The sentences that a scenario is made of.
#pragma once

#include <regex>
#include <string>
#include <vector>

#include "scenario/script.hpp"
#include "scenario/world.hpp"

namespace parley::scenario {

struct sentence_form {
  std::string example;  ///< for people, and for "did you mean"
  std::regex pattern;
  int command = 0;      ///< which group names a command, so that the block can be checked without a server; 0 = none
  void (*run)(world& in, const schema& messages, const std::smatch& words, const step& what);
};

const std::vector<sentence_form>& sentence_forms();

/// Throws test::failure naming the known sentences when it is none of them.
const sentence_form& form_of(const step& what, std::smatch& words);

}  // namespace parley::scenario
