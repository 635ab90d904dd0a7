#include "scenario/values.hpp"

#include <google/protobuf/stubs/strutil.h>

#include <cctype>

#include "client/content.hpp"
#include "client/digest.hpp"
#include "scenario/script.hpp"
#include "support/failure.hpp"

namespace parley::scenario {
namespace {

bool word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

class expander {
 public:
  expander(const std::string& text, const lookup& names) : text_(text), names_(names) {}

  std::string all() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        out_ += quoted();
      } else if ((c == '@' || c == '$') && (at_ == 0 || !word_char(text_[at_ - 1]))) {
        ++at_;
        out_ += names_(c, word());
      } else if (word_char(c)) {
        const auto from = at_;
        const auto name = word();
        if (!call(name)) out_ += text_.substr(from, at_ - from);
      } else {
        out_.push_back(c);
        ++at_;
      }
    }
    return out_;
  }

 private:
  std::string word() {
    const auto from = at_;
    while (at_ < text_.size() && word_char(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }
  std::string quoted() {
    const auto from = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
    return text_.substr(from, at_ - from);
  }
  bool space() {
    const auto from = at_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ > from;
  }
  bool at_quote() const { return at_ < text_.size() && text_[at_] == '"'; }

  /// False leaves the place behind the word alone.
  bool call(const std::string& name) {
    const auto behind = at_;
    if (!space()) return false;
    if (name == "audio" && std::isdigit(static_cast<unsigned char>(text_[at_]))) {
      const auto seconds = std::stoul(word());
      std::string sound;
      for (int shift = 24; shift >= 0; shift -= 8) sound.push_back(static_cast<char>(seconds >> shift));
      if (space() && at_quote()) out_ += literal(sound + unquote(quoted()));
      return true;
    }
    if (name == "repeat" && std::isdigit(static_cast<unsigned char>(text_[at_]))) {
      const auto number = word();
      space();
      for (auto n = std::stoul(word()); n > 0; --n) out_ += number + (n > 1 ? ", " : "");
      return true;
    }
    if (at_quote() && (name == "text" || name == "repeat" || name == "md5")) {
      const auto value = unquote(quoted());
      if (name == "text") out_ += literal(codec_.encrypt(value).value_or(""));
      if (name == "md5") out_ += literal(client::md5_hex(value));
      if (name == "repeat") {
        space();
        std::string many;
        for (auto n = std::stoul(word()); n > 0; --n) many += value;
        out_ += literal(many);
      }
      return true;
    }
    at_ = behind;
    return false;
  }

  const std::string& text_;
  const lookup& names_;
  client::content_codec codec_;
  std::string out_;
  std::size_t at_ = 0;
};

}  // namespace

std::string expand(const std::string& block, const lookup& names) {
  return expander(block, names).all();
}

std::string literal(const std::string& bytes) {
  return '"' + google::protobuf::CEscape(bytes) + '"';
}

}  // namespace parley::scenario
