#include "route.hpp"

#include <parley/state_bytes.hpp>

#include <parley/commands.hpp>

#include <algorithm>

namespace route {

using parley::put;
namespace {

constexpr std::uint32_t state_version = 2;  // 1 was without who is seen by everybody
// Handed over at most: together below 1 MiB, the default of reload.state_limit.
constexpr std::size_t most_away = 40'000;
constexpr std::size_t most_mobiles = 8'000;
constexpr std::size_t most_ledger_bytes = 600 << 10;

}  // namespace

route_plugin::route_plugin(const parley::context& ctx)
    : plugin(ctx),
      main_(host_edge(), "main"),
      everyone_below_(static_cast<std::size_t>(config().number("everyone_below"))),
      changes_(host_edge(), "changes", "changes of a user's status that were told"),
      rounds_(host_edge(), "rounds", "rounds of telling, each with one look-up"),
      failed_rounds_(host_edge(), "failed_rounds",
                     "of these, whose look-up failed: nobody was told, they are repeated") {
  // Loaded into a node that runs: who is there is no news, and in a small company everybody takes it to be there.
  const auto all = sessions().everyone_online();
  for (const auto id : all) {
    const auto user = static_cast<std::uint32_t>(id);
    ledger_.set_told(user, look(user));
    if (all.size() <= everyone_below_) ledger_.told_everybody(user);
  }
}

/// Everything not told yet goes to the next generation, the running round's news too. route.serving reaches whoever
/// serves then: this one, when the reload is refused.
std::string route_plugin::save_state() {
  ++epoch_;
  round_running_ = false;
  ledger_.put_back(std::exchange(in_flight_, {}));
  handed_over_ = true;
  host_edge()->event->publish(host_edge()->self, "route.serving", {});

  std::string out;
  const auto count = std::min(away_.size(), most_away);
  put(out, static_cast<std::uint32_t>(count));
  auto at = away_.begin();
  for (std::size_t i = 0; i < count; ++i, ++at) put(out, *at);
  const auto mobiles = std::min(mobiles_.size(), most_mobiles);
  put(out, static_cast<std::uint32_t>(mobiles));
  for (std::size_t i = 0; i < mobiles; ++i) {
    put(out, mobiles_[i].first);
    put(out, mobiles_[i].second);
  }
  return out + ledger_.save(most_ledger_bytes);
}

parley::status route_plugin::restore_state(std::uint32_t version, std::string_view state) {
  if (version == 0 || version > state_version) return status::refused;
  parley::state_reader in(state);
  std::unordered_set<parley_session_id> away;
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) away.insert(in.get<parley_session_id>());
  decltype(mobiles_) mobiles;
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) {
    const auto session = in.get<parley_session_id>();
    mobiles.emplace_back(session, in.get<std::uint32_t>());
  }
  if (!in.ok()) return status::malformed;
  std::swap(away_, away);
  if (!ledger_.restore(in.rest(), sessions().everyone_online(), [this](std::uint32_t user) { return look(user); })) {
    std::swap(away_, away);
    return status::malformed;
  }
  ++epoch_;
  round_running_ = false;
  in_flight_.clear();
  mobiles_ = std::move(mobiles);
  pc_touched_ = ledger_.users_touched();
  handed_over_ = true;
  return status::ok;
}

}  // namespace route

namespace {

namespace cid = parley::cid;
using parley::access;
using parley::on;
using route::route_plugin;

constexpr auto commands = parley::commands(
    on<cid::buddy_list_users_status_request, &route_plugin::on_users_status>(access::authenticated, "users_status"),
    on<cid::presence_set_req, &route_plugin::on_set>(access::authenticated, "set"));

constexpr auto published = parley::publishes("route.serving");
constexpr auto heard =
    parley::subscriptions(parley::hears<&route_plugin::on_opened>("session.opened"),
                          parley::hears<&route_plugin::on_closed>("session.closed"),
                          parley::hears_if_published<&route_plugin::on_terminal_status>("terminal.status"),
                          parley::hears_if_published<&route_plugin::on_user_changed>("user.changed"),
                          parley::hears<&route_plugin::on_serving>("route.serving"));

constexpr auto show_args = parley::args(parley::positional("user", "login name or id"));
constexpr auto verbs = parley::verbs(
    parley::verb<&route_plugin::on_show>("presence show", "a user's status and who is told of it", show_args));

constexpr auto pools = parley::pools(parley::needs_sql("main"));
constexpr auto settings = parley::config(
    parley::integer("everyone_below", "200", 0, 5000,
                    "while at most so many users are online, everybody is told of everybody; 0 = never"));

}  // namespace

PARLEY_PLUGIN(route_plugin, "route", "1.0.0", "presence: who is online, and who is told of it", commands, published,
              heard, verbs, pools, settings, parley::state(route::state_version))
