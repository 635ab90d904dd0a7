#include "outbox.hpp"

#include <parley/state_bytes.hpp>

#include <algorithm>

#include "signature.hpp"

namespace push {

using parley::put;
using parley::put_text;
namespace {

/// How many of the newest fit into `left`, which becomes less; no more when one did not fit before.
template <class Items>
std::size_t fitting(const Items& items, std::size_t& left) {
  std::size_t count = 0;
  for (auto one = items.rbegin(); one != items.rend(); ++one, ++count) {
    const auto size = size_of(*one);
    if (size > left) {
      left = 0;
      break;
    }
    left -= size;
  }
  return count;
}

template <class Items>
void put_newest(std::string& out, const Items& items, std::size_t count) {
  for (auto one = items.end() - static_cast<std::ptrdiff_t>(count); one != items.end(); ++one) put(out, *one);
}

}  // namespace

std::size_t outbox::add(message_news news) {
  news_.push_back(std::move(news));
  if (news_.size() <= most_) return 0;
  news_.pop_front();
  return 1;
}

std::size_t outbox::add(record one) {
  (one.group ? groups_ : singles_).push_back(std::move(one));
  if (records() <= most_ || waiting() <= 1) return 0;
  (groups_.empty() ? singles_ : groups_).pop_front();
  return 1;
}

const std::deque<message_news>& outbox::take_news(std::size_t most) {
  while (!news_.empty() && looking_.size() < most) {
    looking_.push_back(std::move(news_.front()));
    news_.pop_front();
  }
  return looking_;
}

void outbox::look_again() {
  for (; !looking_.empty(); looking_.pop_back()) news_.push_front(std::move(looking_.back()));
}

std::size_t outbox::drop_old_news(std::uint32_t oldest) {
  std::size_t count = 0;
  for (; !news_.empty() && news_.front().created < oldest; news_.pop_front()) ++count;
  return count;
}

outbox::dropped outbox::compose(std::size_t most, std::uint32_t oldest, bool quiet) {
  dropped out;
  const auto before = records();
  const auto old = [oldest](const record& one) { return one.created < oldest; };
  // One that was tried has to stay the same: it goes as a whole.
  if (!batch_.records.empty() && std::all_of(batch_.records.begin(), batch_.records.end(), old)) batch_ = {};
  for (auto* queue : {&singles_, &groups_}) {
    while (!queue->empty() && old(queue->front())) queue->pop_front();
  }
  out.old = before - records();
  if (!batch_.records.empty() || waiting() == 0) return out;
  batch_ = {random_hex(16), false, {}, 0};
  // A stream of singles does not keep groups waiting for ever.
  out.quiet = fill(singles_, most - std::min(groups_.size(), most / 4), quiet);
  out.quiet += fill(groups_, most, quiet);
  out.quiet += fill(singles_, most, quiet);
  return out;
}

/// Until the batch has `most` records; how many were left out because their users rest.
std::size_t outbox::fill(std::deque<record>& from, std::size_t most, bool quiet) {
  std::size_t resting = 0;
  for (; !from.empty() && batch_.records.size() < most; from.pop_front()) {
    if (quiet && from.front().shielded) {
      ++resting;
    } else {
      batch_.records.push_back(std::move(from.front()));
    }
  }
  return resting;
}

std::string outbox::save(std::size_t most) const {
  constexpr std::size_t heads = 128;
  std::size_t left = most - std::min(most, heads);
  const auto news = fitting(news_, left);
  const auto looking = fitting(looking_, left);
  const auto singles = fitting(singles_, left);
  const auto groups = fitting(groups_, left);
  // Another batch would be another delivery: all of it or nothing.
  const bool whole = fitting(batch_.records, left) == batch_.records.size();
  const auto waiting = news_.size() + looking_.size() + this->records();
  const auto kept = news + looking + singles + groups + (whole ? batch_.records.size() : 0);
  std::string out;
  out.reserve(most - left);
  put(out, static_cast<std::uint32_t>(waiting - kept));
  put(out, static_cast<std::uint32_t>(looking + news));
  put_newest(out, looking_, looking);
  put_newest(out, news_, news);
  put(out, static_cast<std::uint32_t>(singles + groups));
  put_newest(out, singles_, singles);
  put_newest(out, groups_, groups);
  put_text(out, whole ? std::string_view(batch_.delivery) : std::string_view());
  put(out, whole ? batch_.failures : 0);
  put(out, static_cast<std::uint32_t>(whole ? batch_.records.size() : 0));
  if (whole) put_newest(out, batch_.records, batch_.records.size());
  return out;
}

std::optional<std::size_t> outbox::restore(std::string_view state, std::uint32_t version) {
  parley::state_reader in(state);
  outbox fresh(most_);
  const std::size_t left_out = version >= 2 ? in.get<std::uint32_t>() : 0;
  const auto count = [&in] { return in.get<std::uint32_t>(); };
  for (auto left = count(); left > 0 && in.ok(); --left) fresh.news_.push_back(get_news(in, version));
  for (auto left = count(); left > 0 && in.ok(); --left) {
    auto one = get_record(in, version);
    (one.group ? fresh.groups_ : fresh.singles_).push_back(std::move(one));
  }
  fresh.batch_.delivery = in.text();
  fresh.batch_.failures = in.get<std::uint32_t>();
  for (auto left = count(); left > 0 && in.ok(); --left) fresh.batch_.records.push_back(get_record(in, version));
  if (!in.done()) return std::nullopt;
  *this = std::move(fresh);
  return left_out;
}

}  // namespace push
