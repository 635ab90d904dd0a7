// One control verb to answer (`parleyctl users add NAME`). Its arguments are copied, so a coroutine may keep it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abi/control.h"
#include "bytes.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

class verb_call {
 public:
  verb_call(const edge* e, const parley_verb_call& raw) : edge_(e), id_(raw.id) {
    for (std::uint32_t i = 0; i < raw.count; ++i) {
      if (raw.values[i].data) {
        values_.emplace_back(std::string(view(raw.values[i])));
      } else {
        values_.emplace_back();
      }
    }
  }

  /// By place in the verb's args table.
  bool has(std::size_t i) const { return i < values_.size() && values_[i].has_value(); }
  const std::string& operator[](std::size_t i) const {
    static const std::string empty;
    return has(i) ? *values_[i] : empty;
  }

  status answer(std::string_view json) const { return end(status::ok, json); }
  /// A sentence saying what, where and how to mend.
  status fail(status code, std::string_view text) const { return end(code, text); }
  /// The same of one that a pool did not serve: "VERB: why; how to mend".
  void fail(std::string_view verb, const error& failure,
            std::string_view mend = "`parleyctl pools` shows what is away or full, then try again") const {
    std::string text(verb);
    text += ": ";
    text += failure.text.empty() ? to_string(failure.code) : std::string_view(failure.text);
    text += "; ";
    text += mend;
    fail(failure.code, text);
  }
  void progress(std::string_view line) const { edge_->control->progress(edge_->self, id_, bytes(line)); }

 private:
  status end(status code, std::string_view text) const {
    return static_cast<status>(edge_->control->answer(edge_->self, id_, raw(code), bytes(text)));
  }
  const edge* edge_;
  parley_verb_id id_;
  std::vector<std::optional<std::string>> values_;
};

}  // namespace parley
