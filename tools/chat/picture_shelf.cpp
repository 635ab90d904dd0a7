#include "chat/picture_shelf.hpp"

#include <algorithm>

#include "client/media.hpp"

namespace parley::chat {

using client::picture_begin;
using client::picture_end;

std::string picture_shelf::named(std::string_view text) {
  std::string out;
  for (;;) {
    const auto begin = text.find(picture_begin);
    const auto end = begin == std::string_view::npos ? begin : text.find(picture_end, begin + picture_begin.size());
    if (end == std::string_view::npos) return out.append(text);
    const auto url = text.substr(begin + picture_begin.size(), end - begin - picture_begin.size());
    out.append(text.substr(0, begin)).append("[picture ").append(std::to_string(number_of(url))).append(" ");
    out.append(url).append("]");
    text.remove_prefix(end + picture_end.size());
  }
}

std::size_t picture_shelf::number_of(std::string_view url) {
  const auto found = std::ranges::find(urls_, url);
  const auto index = static_cast<std::size_t>(found - urls_.begin());
  if (found != urls_.end()) return forgotten_ + index + 1;
  urls_.emplace_back(url);
  if (urls_.size() > remembered) {
    urls_.pop_front();
    ++forgotten_;
  }
  return forgotten_ + urls_.size();
}

const std::string* picture_shelf::find(std::size_t number) const {
  if (number <= forgotten_ || number > forgotten_ + urls_.size()) return nullptr;
  return &urls_[number - forgotten_ - 1];
}

}  // namespace parley::chat
