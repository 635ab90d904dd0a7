#include "talk.hpp"

#include <sstream>

namespace poll {

void talks::add(const poll_store::pair& who, std::uint32_t messages, std::uint32_t now) {
  if (all_.size() >= most) all_.clear();
  auto& t = all_[who];
  t.messages += messages;
  t.last = now;
}

talk talks::of(const poll_store::pair& who) const {
  const auto found = all_.find(who);
  return found == all_.end() ? talk{} : found->second;
}

std::string talks::save() const {
  std::ostringstream out;
  for (const auto& [who, t] : all_) {
    out << who.a << ' ' << who.b << ' ' << t.messages;
    if (state_version >= 2) out << ' ' << t.last;
    out << '\n';
  }
  return out.str();
}

bool talks::restore(std::uint32_t version, std::string_view state) {
  if (version > state_version) return false;
  std::map<poll_store::pair, talk> read;
  std::istringstream in{std::string(state)};
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    poll_store::pair who;
    talk t;
    words >> who.a >> who.b >> t.messages;
    if (version >= 2) words >> t.last;
    if (!words || read.size() >= most) return false;
    read[who] = t;
  }
  all_ = std::move(read);
  return true;
}

}  // namespace poll
