// A scenario's text cut into steps.
#pragma once

#include <string>
#include <vector>

namespace parley::scenario {

/// One sentence, without its `{ ... }` block, whose text stands apart.
struct step {
  int line = 0;
  std::string sentence;
  std::string block;
  bool has_block = false;
};

/// A step is a line; a block may go on over the next ones. '#' begins a comment. Throws test::failure with the line.
std::vector<step> read_script(const std::string& text);

/// `"quoted"` text with its escapes undone.
std::string unquote(const std::string& quoted);

}  // namespace parley::scenario
