// Lists of user and group ids.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace group {

using number = std::uint32_t;
using id_list = std::vector<number>;

/// Ascending, each once, without 0.
inline id_list normalized(id_list ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (!ids.empty() && ids.front() == 0) ids.erase(ids.begin());
  return ids;
}

// Of normalized lists.
inline bool contains(const id_list& in, number id) {
  return std::binary_search(in.begin(), in.end(), id);
}
inline id_list without(const id_list& all, const id_list& some) {
  id_list out;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::back_inserter(out));
  return out;
}
inline id_list common(const id_list& one, const id_list& other) {
  id_list out;
  std::set_intersection(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(out));
  return out;
}
inline id_list merged(const id_list& one, const id_list& other) {
  id_list out;
  out.reserve(one.size() + other.size());
  std::set_union(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(out));
  return out;
}

}  // namespace group
