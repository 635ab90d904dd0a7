#include "group.hpp"

#include <parley/commands.hpp>

#include "schema.hpp"

namespace group {

keeper::keeper(const parley::context& ctx)
    : plugin(ctx), main_(host_edge(), "main"), full_notice_(static_cast<std::size_t>(config().number("full_notice"))) {
  limits_.max_members = static_cast<std::size_t>(config().number("max_members"));
  limits_.max_invitations = static_cast<number>(config().number("max_invitations"));
  limits_.max_pending = static_cast<number>(config().number("max_pending"));
  limits_.invitation_s = static_cast<number>(config().number("invitation_expiry") / 1000);
}

namespace {

namespace cid = parley::cid;
using parley::access;
using parley::on;

constexpr auto commands = parley::commands(
    on<cid::group_normal_list_request, &keeper::on_normal_list>(access::authenticated, "normal_list"),
    on<cid::group_info_request, &keeper::on_info>(access::authenticated, "info"),
    on<cid::group_create_request, &keeper::on_create>(access::authenticated, "create"),
    on<cid::group_change_member_request, &keeper::on_change_members>(access::authenticated, "change_members"),
    on<cid::group_shield_group_request, &keeper::on_shield>(access::authenticated, "shield"),
    on<cid::group_mine_request, &keeper::on_mine>(access::authenticated, "mine"),
    on<cid::group_leave_request, &keeper::on_leave>(access::authenticated, "leave"),
    on<cid::group_dissolve_request, &keeper::on_dissolve>(access::authenticated, "dissolve"),
    on<cid::group_change_profile_request, &keeper::on_change_profile>(access::authenticated, "change_profile"),
    on<cid::group_hand_over_request, &keeper::on_hand_over>(access::authenticated, "hand_over"),
    on<cid::group_invite_request, &keeper::on_invite>(access::authenticated, "invite"),
    on<cid::group_invitations_request, &keeper::on_invitations>(access::authenticated, "invitations"),
    on<cid::group_answer_invitation_request, &keeper::on_answer_invitation>(access::authenticated,
                                                                            "answer_invitation"));

constexpr auto list_args = parley::args(parley::option("search", "part of a name"),
                                        parley::option("limit", "at most this many, 1 to 10000; 1000 unless given"));
constexpr auto show_args = parley::args(parley::positional("id", "the group's id"));
constexpr auto verbs = parley::verbs(
    parley::verb<&keeper::on_groups_list>("groups list", "groups, who owns them, how many are in them", list_args),
    parley::verb<&keeper::on_groups_show>("groups show", "one group and its first 1000 members", show_args));

// 0x0408 to an addition lists members twice, at 6 bytes each; beside them there are but four numbers.
constexpr std::int64_t most_members_possible = 32'000;
static_assert(most_members_possible * 2 * 6 + 64 <= page_bytes);

constexpr auto published = parley::publishes("group.changed");
constexpr auto pools = parley::pools(parley::needs_sql("main"));
constexpr auto migrations = parley::migrations(parley::migration(1, "invitations", "main", schema::invitations),
                                               parley::migration(2, "member_counts", "main", schema::member_counts));

constexpr parley_config_key between(parley_config_key key, std::int64_t min, std::int64_t max) {
  key.min = min;
  key.max = max;
  return key;
}

constexpr auto settings = parley::config(
    parley::integer("max_members", "10000", 1, most_members_possible, "of a group; more would not fit into one PDU"),
    parley::integer("full_notice", "500", 0, 5000, "up to how many members everybody is sent the whole list"),
    parley::integer("max_invitations", "1000", 1, 10'000, "into one group that may wait for their answer"),
    parley::integer("max_pending", "100", 1, 150, "invitations that one user may have"),
    between(parley::duration("invitation_expiry", "30d", "after which an invitation is gone"), 60'000,
            std::int64_t{3650} * 24 * 3600 * 1000));

}  // namespace
}  // namespace group

PARLEY_PLUGIN(group::keeper, "group", "0.1.0", "groups, their members, invitations", group::commands, group::verbs,
              group::published, group::pools, group::migrations, group::settings)
