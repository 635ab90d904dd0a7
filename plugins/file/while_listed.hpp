// An entry of a set for as long as a coroutine's frame lives.
#pragma once

#include <set>
#include <utility>

namespace file {

template <class Key>
class while_listed {
 public:
  while_listed(std::multiset<Key>& in, Key key) : in_(in), at_(in.insert(std::move(key))) {}
  while_listed(const while_listed&) = delete;
  ~while_listed() { in_.erase(at_); }

 private:
  std::multiset<Key>& in_;
  typename std::multiset<Key>::iterator at_;
};

}  // namespace file
