#include "buddy.hpp"

#include <parley/commands.hpp>

namespace {

namespace cid = parley::cid;
using buddy::directory;
using parley::access;
using parley::on;

constexpr auto commands = parley::commands(
    on<cid::buddy_list_user_info_request, &directory::on_users_info>(access::authenticated, "users_info"),
    on<cid::buddy_list_all_user_request, &directory::on_all_users>(access::authenticated, "all_users"),
    on<cid::buddy_list_department_request, &directory::on_departments>(access::authenticated, "departments"));
constexpr auto pools = parley::pools(parley::needs_sql("main"));

}  // namespace

PARLEY_PLUGIN(directory, "buddy", "0.1.0", "profiles, the list of all users, departments", commands, pools)
