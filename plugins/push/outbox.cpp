#include "outbox.hpp"

#include <algorithm>

#include "signature.hpp"
#include "state_bytes.hpp"

namespace push {
namespace {

/// Walks from the newest to the oldest; false: the rest does not fit.
template <class Items>
bool put_backwards(std::vector<std::string>& out, const Items& items, std::size_t& left) {
  for (auto one = items.rbegin(); one != items.rend(); ++one) {
    std::string bytes;
    put(bytes, *one);
    if (bytes.size() > left) return false;
    left -= bytes.size();
    out.push_back(std::move(bytes));
  }
  return true;
}

void join(std::string& out, const std::vector<std::string>& parts) {
  put(out, static_cast<std::uint32_t>(parts.size()));
  for (auto one = parts.rbegin(); one != parts.rend(); ++one) out += *one;
}

}  // namespace

std::size_t outbox::add(message_news news) {
  news_.push_back(std::move(news));
  if (news_.size() <= most_) return 0;
  news_.pop_front();
  return 1;
}

std::size_t outbox::add(record one) {
  records_.push_back(std::move(one));
  if (records() <= most_ || records_.size() <= 1) return 0;
  records_.pop_front();
  return 1;
}

const std::vector<message_news>& outbox::take_news(std::size_t most) {
  while (!news_.empty() && looking_.size() < most) {
    looking_.push_back(std::move(news_.front()));
    news_.pop_front();
  }
  return looking_;
}

void outbox::look_again() {
  for (; !looking_.empty(); looking_.pop_back()) news_.push_front(std::move(looking_.back()));
}

std::size_t outbox::compose(std::size_t most, std::uint32_t oldest) {
  const auto before = records();
  const auto old = [oldest](const record& one) { return one.created < oldest; };
  // One that was tried has to stay the same: it goes as a whole.
  if (!batch_.records.empty() && old(batch_.records.back())) batch_ = {};
  while (!records_.empty() && old(records_.front())) records_.pop_front();
  const auto dropped = before - records();
  if (!batch_.records.empty() || records_.empty()) return dropped;
  batch_ = {random_hex(16), {}, 0};
  while (!records_.empty() && batch_.records.size() < most) {
    batch_.records.push_back(std::move(records_.front()));
    records_.pop_front();
  }
  return dropped;
}

std::string outbox::save(std::size_t most) const {
  constexpr std::size_t heads = 128;
  std::size_t left = most - std::min(most, heads);
  std::vector<std::string> news, records, of_batch;
  bool whole = put_backwards(news, news_, left) && put_backwards(news, looking_, left);
  whole = whole && put_backwards(records, records_, left);
  if (whole && !put_backwards(of_batch, batch_.records, left)) of_batch.clear();
  std::string out;
  join(out, news);
  join(out, records);
  put_text(out, of_batch.empty() ? std::string_view() : std::string_view(batch_.delivery));
  put(out, of_batch.empty() ? 0 : batch_.failures);
  join(out, of_batch);
  return out;
}

bool outbox::restore(std::string_view state) {
  state_reader in(state);
  outbox fresh(most_);
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) fresh.news_.push_back(get_news(in));
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) fresh.records_.push_back(get_record(in));
  fresh.batch_.delivery = in.text();
  fresh.batch_.failures = in.get<std::uint32_t>();
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) fresh.batch_.records.push_back(get_record(in));
  if (!in.done()) return false;
  *this = std::move(fresh);
  return true;
}

}  // namespace push
