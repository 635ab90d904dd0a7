// Rounds: news are gathered, one job looks up who sees whom, and all are told. One round at a time; one whose look-up
// fails is taken back.
#include <parley/commands.hpp>

#include <algorithm>
#include <exception>

#include "audience.hpp"
#include "route.hpp"

namespace route {
namespace {

constexpr std::size_t users_per_round = 64;
constexpr std::size_t users_per_pdu = 50;
constexpr std::size_t wide_pushes_per_round = 50'000;  // so that who was seen by everybody may leave at any time
constexpr std::uint64_t next_try_ms = 1000;
constexpr parley::selector pc_terminals{.tag_mask = 0x10, .tag_value = 0x00};
constexpr parley::selector old_pc_terminals{.tag_mask = 0x10, .tag_value = 0x00, .level_0_only = true};
constexpr parley::selector new_pc_terminals{.tag_mask = 0x10, .tag_value = 0x00, .min_level = 1};

void put(IM::BaseDefine::UserStat& out, const news& one) {
  out.set_user_id(one.user);
  out.set_status(static_cast<IM::BaseDefine::UserStatType>(*one.status));
}

}  // namespace

void route_plugin::later() {
  if (scheduled_) return;
  scheduled_ = true;
  parley::in_a_later_turn<&route_plugin::turn>(host_edge(), this);
}

void route_plugin::turn() {
  scheduled_ = false;
  if (handed_over_) return;
  tell_mobiles();
  if (round_running_ || resting_ || ledger_.empty()) return;
  round_running_ = true;
  parley::in_background(host_edge(), round());
}

bool route_plugin::everybody_sees_everybody() const {
  const auto* e = host_edge();
  return e->session->online(e->self, nullptr, 0) <= everyone_below_;
}

/// Empty: there are too many for everybody to see everybody.
std::vector<std::uint64_t> route_plugin::everyone() const {
  if (!everybody_sees_everybody()) return {};
  return sessions().everyone_online();
}

parley::task<> route_plugin::round() {
  const auto epoch = epoch_;
  const auto online = host_edge()->session->online(host_edge()->self, nullptr, 0);
  const auto most_wide = std::max<std::size_t>(1, wide_pushes_per_round / std::max<std::size_t>(online, 1));
  in_flight_ = ledger_.take(
      users_per_round, [this](std::uint32_t user) { return look(user); }, most_wide);
  if (!in_flight_.empty()) {
    const auto all = everyone();
    std::vector<std::uint32_t> users;
    for (const auto& one : in_flight_) users.push_back(one.user);
    auto known = co_await main_.read([&](parley::sql& db) { return store::relations_of(db, users, all.empty()); });
    if (epoch != epoch_) co_return;  // what it was about was handed over
    if (!known && known.code() == status::cancelled) co_return;
    rounds_.add();
    if (!known) co_return take_back(known.failure());
    if (std::exchange(complained_, false)) log().info("who sees whom can be looked up again");
    const auto told = std::exchange(in_flight_, {});
    try {
      tell(told, *known, all);
    } catch (const std::exception& e) {
      log().error(std::string("a round was not told: ") + e.what());
    }
  }
  round_running_ = false;
  if (!ledger_.empty()) later();
}

/// Nobody is told blindly: neither who has been blocked, nor too few.
void route_plugin::take_back(const parley::error& why) {
  failed_rounds_.add();
  ledger_.put_back(std::exchange(in_flight_, {}));
  round_running_ = false;
  if (!std::exchange(complained_, true)) {
    log().warn("who sees whom cannot be looked up, trying again: " +
               std::string(why.text.empty() ? parley::to_string(why.code) : why.text));
  }
  resting_ = true;
  rest_.emplace(host_edge(), next_try_ms, 0, [this] {
    resting_ = false;
    later();
  });
}

void route_plugin::tell(const std::vector<news>& all, const store::relations& known,
                        const std::vector<std::uint64_t>& everyone) {
  std::vector<std::vector<std::uint64_t>> audiences;
  audiences.reserve(all.size());
  std::vector<std::uint64_t> seers;  // of those who are seen by more than see each other now
  for (const auto& one : all) {
    if (everyone.empty() && one.for_everybody() && seers.empty()) seers = sessions().everyone_online();
    audiences.push_back(audience(one.user, known, one.for_everybody() && everyone.empty() ? seers : everyone));
    if (!everyone.empty() && one.status) ledger_.told_everybody(one.user);
  }
  tell_status(all, audiences);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& one = all[i];
    auto& readers = audiences[i];
    readers.push_back(one.user);
    if (one.sign) {
      IM::Buddy::IMSignInfoChangedNotify notify;
      notify.set_changed_user_id(one.user);
      notify.set_sign_info(*one.sign);
      sessions().push_users(readers, parley::cid::buddy_list_sign_info_changed_notify, notify);
    }
    if (one.avatar) {
      IM::Buddy::IMAvatarChangedNotify notify;
      notify.set_changed_user_id(one.user);
      notify.set_avatar_url(*one.avatar);
      sessions().push_users(readers, parley::cid::buddy_list_avatar_changed_notify, notify);
    }
  }
}

void route_plugin::tell_status(const std::vector<news>& all, const std::vector<std::vector<std::uint64_t>>& audiences) {
  std::vector<const news*> changed;
  std::vector<std::vector<std::uint64_t>> of_changed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].status) continue;
    changed.push_back(&all[i]);
    of_changed.push_back(audiences[i]);
  }
  changes_.add(static_cast<std::int64_t>(changed.size()));
  const bool alone = changed.size() == 1;
  IM::Buddy::IMUserStatNotify notify;
  for (std::size_t i = 0; i < changed.size(); ++i) {
    put(*notify.mutable_user_stat(), *changed[i]);
    sessions().push_users(of_changed[i], parley::cid::buddy_list_status_notify, notify,
                          alone ? pc_terminals : old_pc_terminals);
  }
  if (alone) return;
  for (const auto& group : by_news(of_changed, [this](std::uint64_t user) { return sessions().online(user); })) {
    for (std::size_t from = 0; from < group.news.size(); from += users_per_pdu) {
      const auto end = std::min(group.news.size(), from + users_per_pdu);
      notify.Clear();
      put(*notify.mutable_user_stat(), *changed[group.news[from]]);
      for (std::size_t i = from + 1; i < end; ++i) put(*notify.add_more(), *changed[group.news[i]]);
      sessions().push_users(group.users, parley::cid::buddy_list_status_notify, notify, new_pc_terminals);
    }
  }
}

}  // namespace route
