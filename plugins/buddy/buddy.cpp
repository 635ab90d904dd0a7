#include "buddy.hpp"

#include <parley/commands.hpp>

#include "events.hpp"
#include "schema.hpp"

namespace buddy {
namespace {

limits limits_of(const parley::configuration& config) {
  limits most;
  most.friends = static_cast<std::size_t>(config.number("max_friends"));
  most.request_lifetime_s = static_cast<std::uint32_t>(config.number("request_lifetime") / 1000);
  return most;
}

}  // namespace

buddy_plugin::buddy_plugin(const parley::context& ctx)
    : plugin(ctx),
      main_(host_edge(), "main"),
      most_(limits_of(config())),
      details_for_friends_(config().text("contact_details") == "friends") {}

parley::status buddy_plugin::fault_of(const parley::request& request, std::uint32_t peer) const {
  if (request.user() == 0) return request.explain(status::not_allowed, "friends are a user's");
  if (peer == request.user()) return request.explain(status::not_allowed, "that is yourself");
  if (peer == 0) return request.explain(status::no_target, "no such user");
  return status::ok;
}

void buddy_plugin::tell_list_changed(std::uint32_t user, std::uint32_t revision, parley_session_id except) const {
  parley::friends::IMFriendChangedNotify notify;
  notify.set_revision(revision);
  tell(user, parley::cid::friends_changed_notify, notify, except);
}

void buddy_plugin::announce_friends(two who) const {
  publish_user_changed(friends_changed(who.user, who.peer, unix_s()));
  publish_user_changed(friends_changed(who.peer, who.user, unix_s()));
}

void buddy_plugin::publish_user_changed(const std::string& event) const {
  static constexpr char name[] = "user.changed";
  if (events().heard(name)) host_edge()->event->publish(host_edge()->self, name, parley::bytes(event));
}

namespace {

namespace cid = parley::cid;
using parley::access;
using parley::on;

constexpr auto commands = parley::commands(
    on<cid::buddy_list_user_info_request, &buddy_plugin::on_users_info>(access::authenticated, "users_info"),
    on<cid::buddy_list_all_user_request, &buddy_plugin::on_all_users>(access::authenticated, "all_users"),
    on<cid::buddy_list_department_request, &buddy_plugin::on_departments>(access::authenticated, "departments"),
    on<cid::buddy_list_change_avatar_request, &buddy_plugin::on_avatar>(access::authenticated, "avatar"),
    on<cid::buddy_list_change_sign_info_request, &buddy_plugin::on_signature>(access::authenticated, "signature"),
    on<cid::friends_add_req, &buddy_plugin::on_add>(access::authenticated, "friend_add"),
    on<cid::friends_pending_req, &buddy_plugin::on_pending>(access::authenticated, "friends_pending"),
    on<cid::friends_answer_req, &buddy_plugin::on_answer>(access::authenticated, "friend_answer"),
    on<cid::friends_delete_req, &buddy_plugin::on_delete>(access::authenticated, "friend_delete"),
    on<cid::friends_list_req, &buddy_plugin::on_list>(access::authenticated, "friends_list"),
    on<cid::friends_remark_req, &buddy_plugin::on_remark>(access::authenticated, "friend_remark"),
    on<cid::friends_move_req, &buddy_plugin::on_move>(access::authenticated, "friend_move"),
    on<cid::friends_grouping_create_req, &buddy_plugin::on_grouping_create>(access::authenticated, "grouping_create"),
    on<cid::friends_grouping_rename_req, &buddy_plugin::on_grouping_rename>(access::authenticated, "grouping_rename"),
    on<cid::friends_grouping_delete_req, &buddy_plugin::on_grouping_delete>(access::authenticated, "grouping_delete"),
    on<cid::friends_grouping_order_req, &buddy_plugin::on_grouping_order>(access::authenticated, "grouping_order"),
    on<cid::friends_block_req, &buddy_plugin::on_block>(access::authenticated, "block"),
    on<cid::friends_unblock_req, &buddy_plugin::on_unblock>(access::authenticated, "unblock"),
    on<cid::friends_blocks_req, &buddy_plugin::on_blocks>(access::authenticated, "blocks"));

constexpr auto who_args = parley::args(parley::positional("user", "login name, or user id"),
                                       parley::option("limit", "at most this many, 1000 unless given"));
constexpr auto verbs =
    parley::verbs(parley::verb<&buddy_plugin::on_friends_list>("friends list", "a user's friends", who_args),
                  parley::verb<&buddy_plugin::on_blocks_list>("blocks list", "whom a user blocks", who_args));

constexpr auto published = parley::publishes("user.changed");
constexpr auto heard =
    parley::subscriptions(parley::hears<&buddy_plugin::on_user_changed>("user.changed"),
                          parley::hears_if_published<&buddy_plugin::on_department_changed>("department.changed"));
constexpr auto pools = parley::pools(parley::needs_sql("main"));
constexpr auto migrations = parley::migrations(parley::migration(1, "friends", "main", schema::friends));

constexpr parley_config_key between(parley_config_key key, std::int64_t min, std::int64_t max) {
  key.min = min;
  key.max = max;
  return key;
}

constexpr auto settings = parley::config(
    parley::choice("contact_details", "everyone", "everyone|friends", "who sees a user's telephone number and e-mail"),
    parley::integer("max_friends", "2000", 1, 10000, "friends of one user"),
    between(parley::duration("request_lifetime", "30d", "after which an unanswered request to be friends is gone"),
            60'000, 3650LL * 24 * 3600 * 1000));

}  // namespace
}  // namespace buddy

PARLEY_PLUGIN(buddy::buddy_plugin, "buddy", "0.2.0", "profiles, the list of all users, departments, friends",
              buddy::commands, buddy::verbs, buddy::published, buddy::heard, buddy::pools, buddy::migrations,
              buddy::settings, parley::state(buddy::state_version))
