// Output buffers in use by the sessions that are writing right now: an idle session owns none.
#pragma once

#include <string>
#include <vector>

namespace parley::host {

class output_pool {
 public:
  std::string take() {
    if (free_.empty()) return {};
    std::string s = std::move(free_.back());
    free_.pop_back();
    return s;
  }
  void give(std::string&& s) {
    if (s.capacity() < 64 || s.capacity() > 256 << 10 || free_.size() >= 64) {
      std::string().swap(s);
      return;
    }
    s.clear();
    free_.push_back(std::move(s));
    s = std::string();
  }

 private:
  std::vector<std::string> free_;
};

}  // namespace parley::host
