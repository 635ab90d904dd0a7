#include "host/config/environment.hpp"

#include <cstdlib>

#include "host/config/words.hpp"

namespace parley::host {

namespace {

constexpr std::size_t longest_value = 16384;
constexpr int deepest_default = 16;

bool begins_name(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}
bool continues_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9');
}

class expander {
 public:
  expander(std::string_view source, variable_lookup lookup) : source_(source), lookup_(lookup) {}

  expansion run() {
    scan(0, true);
    return std::move(out_);
  }

 private:
  bool failed() const { return !out_.problem.empty(); }
  bool at(std::string_view word) const { return source_.substr(next_, word.size()) == word; }

  void put(std::string_view text, bool from_file) {
    if (out_.text.size() + text.size() > longest_value) {
      out_.problem = "the value is longer than " + std::to_string(longest_value) + " bytes";
      return;
    }
    out_.text += text;
    out_.from_file.insert(out_.from_file.end(), text.size(), from_file);
  }

  /// Up to the end, or to the `}` of the default this is. What is not `wanted` is only checked.
  void scan(int depth, bool wanted) {
    while (next_ < source_.size() && !failed()) {
      if (depth > 0 && source_[next_] == '}') return;
      if (at("${")) {
        substitute(depth, wanted);
      } else {
        if (wanted) put(source_.substr(next_, 1), true);
        next_ += at("$$") ? 2 : 1;
      }
    }
  }

  void substitute(int depth, bool wanted) {
    const std::size_t begin = next_;
    out_.substituted = true;
    next_ += 2;
    const std::size_t name_begin = next_;
    if (next_ < source_.size() && begins_name(source_[next_])) {
      while (next_ < source_.size() && continues_name(source_[next_])) ++next_;
    }
    const std::string name(source_.substr(name_begin, next_ - name_begin));
    const bool has_default = at(":-");
    if (name.empty() || depth >= deepest_default || !(has_default || at("}"))) return fail(begin);

    const std::optional<std::string> value = lookup_(name);
    const bool take_default = has_default && (!value || value->empty());
    if (wanted && value && !take_default) put(*value, false);
    if (wanted && !value && !has_default) out_.missing.push_back(name);
    if (has_default) {
      next_ += 2;
      scan(depth + 1, wanted && take_default);
      if (failed()) return;
    }
    if (!at("}")) return fail(begin);
    ++next_;
  }

  void fail(std::size_t begin) {
    out_.problem =
        "expected ${NAME} or ${NAME:-default} (a plain dollar sign is $$), found " + in_quotes(source_.substr(begin));
  }

  std::string_view source_;
  variable_lookup lookup_;
  std::size_t next_ = 0;
  expansion out_;
};

}  // namespace

std::optional<std::string> process_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<std::string> no_variable(const std::string&) {
  return std::nullopt;
}

expansion expand_variables(std::string_view text, variable_lookup lookup) {
  return expander(text, lookup).run();
}

}  // namespace parley::host
