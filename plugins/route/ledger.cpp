#include "ledger.hpp"

#include <parley/state_bytes.hpp>

#include <algorithm>

namespace route {

using parley::put;
using parley::put_text;
namespace {

constexpr unsigned on_pc = 0x80, is_wide = 0x40;  // beside a status, in saved bytes

}  // namespace

ledger::entry& ledger::waiting(std::uint32_t user) {
  const auto [at, first] = waiting_.try_emplace(user);
  if (first) order_.push_back(user);
  return at->second;
}

seen ledger::told(std::uint32_t user) const {
  const auto found = told_.find(user);
  return found == told_.end() ? seen{} : found->second;
}

void ledger::set_told(std::uint32_t user, const seen& what) {
  if (what.nobody()) {
    told_.erase(user);
  } else {
    told_[user] = what;
  }
}

void ledger::set_status(std::uint32_t user, presence status) {
  auto what = told(user);
  what.status = status;
  if (status == presence::offline) what.wide = false;
  set_told(user, what);
}

void ledger::told_everybody(std::uint32_t user) {
  const auto found = told_.find(user);
  if (found != told_.end() && found->second.status != presence::offline) found->second.wide = true;
}

std::vector<news> ledger::take(std::size_t most, const looks& now, std::size_t most_wide) {
  std::vector<news> out;
  std::size_t wide = 0;
  while (!order_.empty() && out.size() < most && wide < most_wide) {
    const auto user = order_.front();
    order_.pop_front();
    auto what = waiting_.extract(user);
    const auto before = told(user);
    news one{user, before.status, before.wide, {}, std::move(what.mapped().sign), std::move(what.mapped().avatar)};
    if (what.mapped().status) {
      const auto status = now(user).status;
      if (status != one.before) one.status = status;
      set_status(user, status);
    }
    wide += one.for_everybody();
    if (one.status || one.sign || one.avatar) out.push_back(std::move(one));
  }
  return out;
}

std::unordered_set<std::uint32_t> ledger::users_touched() const {
  std::unordered_set<std::uint32_t> out;
  for (const auto& [user, what] : waiting_) {
    if (what.status) out.insert(user);
  }
  return out;
}

void ledger::put_back(std::vector<news> untold) {
  for (auto one = untold.rbegin(); one != untold.rend(); ++one) {
    const auto [at, first] = waiting_.try_emplace(one->user);
    if (first) order_.push_front(one->user);
    auto& again = at->second;
    if (one->status) {
      again.status = true;
      set_status(one->user, one->before);
      if (one->wide) told_everybody(one->user);
    }
    if (one->sign && !again.sign) again.sign = std::move(one->sign);
    if (one->avatar && !again.avatar) again.avatar = std::move(one->avatar);
  }
}

std::string ledger::save(std::size_t most) const {
  constexpr std::size_t heads = 4 * sizeof(std::uint32_t), each_told = 5;
  std::size_t left = most - std::min(most, heads);
  const auto take_room = [&left](std::size_t count, std::size_t size) {
    const auto fit = std::min(count, left / size);
    left -= fit * size;
    return fit;
  };
  std::string out;
  std::vector<std::uint32_t> touched;
  for (const auto user : order_) {
    if (waiting_.at(user).status) touched.push_back(user);
  }
  touched.resize(take_room(touched.size(), sizeof(std::uint32_t)));
  put(out, static_cast<std::uint32_t>(touched.size()));
  for (const auto user : touched) put(out, user);

  const auto count = take_room(told_.size(), each_told);
  put(out, static_cast<std::uint32_t>(count == told_.size()));
  put(out, static_cast<std::uint32_t>(count));
  auto at = told_.begin();
  for (std::size_t i = 0; i < count; ++i, ++at) {
    put(out, at->first);
    const auto& what = at->second;
    put(out, static_cast<std::uint8_t>(static_cast<unsigned>(what.status) | (what.pc ? on_pc : 0) |
                                       (what.wide ? is_wide : 0)));
  }

  std::string texts;
  std::uint32_t text_count = 0;
  const auto put_one = [&](std::uint32_t user, std::uint8_t which, const std::optional<std::string>& text) {
    if (!text || take_room(1, 9 + text->size()) == 0) return;
    ++text_count;
    put(texts, user);
    put(texts, which);
    put_text(texts, *text);
  };
  for (const auto user : order_) {
    put_one(user, 0, waiting_.at(user).sign);
    put_one(user, 1, waiting_.at(user).avatar);
  }
  put(out, text_count);
  return out + texts;
}

bool ledger::restore(std::string_view state, const std::vector<std::uint64_t>& online, const looks& now) {
  parley::state_reader in(state);
  ledger fresh;
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) fresh.touched(in.get<std::uint32_t>());
  const bool complete = in.get<std::uint32_t>() != 0;
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) {
    const auto user = in.get<std::uint32_t>();
    const unsigned code = in.get<std::uint8_t>();
    const auto status = static_cast<presence>(code & ~(on_pc | is_wide));
    if (status < presence::online || status > presence::leave) return false;
    fresh.set_told(user, {status, (code & on_pc) != 0, (code & is_wide) != 0});
  }
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) {
    const auto user = in.get<std::uint32_t>();
    const auto which = in.get<std::uint8_t>();
    auto& texts = fresh.waiting(user);
    (which == 0 ? texts.sign : texts.avatar) = std::string(in.text());
  }
  if (!in.done()) return false;
  if (!complete) {
    for (const auto id : online) {
      const auto user = static_cast<std::uint32_t>(id);
      if (!fresh.told_.contains(user) && !fresh.waiting_.contains(user)) fresh.set_told(user, now(user));
    }
  }
  *this = std::move(fresh);
  return true;
}

}  // namespace route
