#include "scenario/script.hpp"

#include <google/protobuf/stubs/strutil.h>

#include "support/failure.hpp"

namespace parley::scenario {
namespace {

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(" \t\r");
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

class reader {
 public:
  explicit reader(const std::string& text) : text_(text) {}

  std::vector<step> all() {
    while (at_ < text_.size()) take(text_[at_++]);
    end_of_line();
    if (depth_ > 0) throw test::failure("line " + std::to_string(now_.line) + ": its '{' is never closed");
    return std::move(steps_);
  }

 private:
  void take(char c) {
    if (quoted_) {
      put(c);
      if (c == '\\' && at_ < text_.size()) return put(text_[at_++]);
      quoted_ = c != '"';
    } else if (c == '#') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else if (c == '\n') {
      end_of_line();
    } else if (c == '{' && ++depth_ == 1) {
      now_.has_block = true;
    } else if (c == '}' && --depth_ == 0) {
      now_.sentence.push_back(' ');
    } else {
      quoted_ = c == '"';
      put(c);
    }
  }

  void put(char c) { (depth_ > 0 ? now_.block : now_.sentence).push_back(c); }

  void end_of_line() {
    if (quoted_) throw test::failure("line " + std::to_string(line_) + ": its '\"' is never closed");
    if (depth_ < 0) throw test::failure("line " + std::to_string(line_) + ": a '}' too many");
    if (depth_ == 0) {
      now_.sentence = squeezed(now_.sentence);
      if (!now_.sentence.empty() || now_.has_block) steps_.push_back(now_);
      now_ = {};
      now_.line = line_ + 1;
    } else {
      now_.block.push_back('\n');
    }
    ++line_;
  }

  /// One space between words; quoted text stays as it is.
  static std::string squeezed(const std::string& text) {
    std::string out;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool space = !quoted && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r');
      if (space && (out.empty() || out.back() == ' ')) continue;
      if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
      out.push_back(space ? ' ' : text[i]);
    }
    return trimmed(out);
  }

  const std::string& text_;
  std::size_t at_ = 0;
  int line_ = 1;
  int depth_ = 0;
  bool quoted_ = false;
  step now_{1, {}, {}, false};
  std::vector<step> steps_;
};

}  // namespace

std::vector<step> read_script(const std::string& text) {
  return reader(text).all();
}

std::string unquote(const std::string& quoted) {
  return google::protobuf::UnescapeCEscapeString(quoted.substr(1, quoted.size() - 2));
}

}  // namespace parley::scenario
