// scenario_runner [--check] FILE...: plays each scenario against a fresh parleyd. --check only reads them.
#include <google/protobuf/stubs/logging.h>

#include <iostream>

#include "scenario/steps.hpp"
#include "scenario/values.hpp"

namespace {

using namespace parley::scenario;
using parley::test::failure;

/// Everything that can be seen without a server: the sentence, the command, the fields.
void check(const schema& messages, const step& what) {
  std::smatch words;
  const auto& form = form_of(what, words);
  if (form.command == 0) {
    if (what.has_block) throw failure("this sentence takes no { }");
    return;
  }
  const auto command = messages.command(words[form.command]);
  // What was remembered may be a number or text.
  try {
    messages.from_text(command, expand(what.block, [](char, const std::string&) { return std::string("1"); }));
  } catch (const failure&) {
    const auto text = [](char sigil, const std::string&) { return std::string(sigil == '@' ? "1" : "\"1\""); };
    messages.from_text(command, expand(what.block, text));
  }
}

void play(const schema& messages, world& in, const step& what) {
  std::smatch words;
  form_of(what, words).run({in, messages, words, what});
}

bool run(const schema& messages, const std::string& file, bool check_only) {
  world in(messages);
  int line = 0;
  try {
    const auto script = read_script(parley::test::read_file(file));
    if (script.empty()) throw failure("an empty scenario");
    for (const auto& what : script) {
      line = what.line;
      check(messages, what);
    }
    if (check_only) return true;
    for (const auto& what : script) {
      line = what.line;
      play(messages, in, what);
    }
    in.finish();
    return true;
  } catch (const std::exception& e) {
    std::cerr << file << ":" << line << ": " << e.what() << "\n";
  }
  if (!in.log().empty())
    std::cerr << "---- the server's log ends with\n" << parley::test::last_lines(in.log(), 30) << "\n";
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  google::protobuf::SetLogHandler(nullptr);
  const schema messages(PARLEY_PROTOSET);
  bool check_only = false, good = true;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--check") {
      check_only = true;
    } else {
      good = run(messages, argv[i], check_only) && good;
    }
  }
  return good ? 0 : 1;
}
