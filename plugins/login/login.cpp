#include "login.hpp"

#include <parley/commands.hpp>

#include <sodium.h>

#include <stdexcept>

#include "schema.hpp"

namespace login {
namespace {

constexpr std::uint32_t state_version = 1;

verifier::settings settings_of(const parley::configuration& config) {
  verifier::settings s;
  s.effort = config.text("password_cost") == "low" ? cost::low : cost::standard;
  s.keep_md5 = config.flag("keep_md5");
  s.remember = static_cast<std::size_t>(config.number("remember"));
  s.limits.failures = static_cast<std::size_t>(config.number("failed_logins"));
  s.limits.failures_per_address = 10 * s.limits.failures;
  s.limits.window_ms = static_cast<std::uint64_t>(config.number("failed_window"));
  return s;
}

/// The manifest's keys, behind a library that is ready: members are made of it.
verifier::settings prepared(const parley::configuration& config) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start: no source of random numbers");
  return settings_of(config);
}

}  // namespace

login_plugin::login_plugin(const parley::context& ctx)
    : plugin(ctx),
      msfs_(config().text("msfs")),
      discovery_(config().text("discovery")),
      login_timeout_ms_(static_cast<std::uint64_t>(config().number("login_timeout"))),
      handover_(static_cast<std::size_t>(config().number("handover"))),
      settings_(prepared(config())),
      main_(host_edge(), "main"),
      cpu_(host_edge(), "cpu"),
      verifier_(host_edge(), settings_),
      outcomes_{{{host_edge(), "accepted", "logins that succeeded"},
                 {host_edge(), "wrong", "logins with an unknown name or a wrong password"},
                 {host_edge(), "throttled", "logins refused unseen after too many failures"},
                 {host_edge(), "busy", "logins that would not have been answered in time"},
                 {host_edge(), "away", "logins while the database was away"},
                 {host_edge(), "broken", "logins that failed for another reason"}}},
      warm_logins_(host_edge(), "warm", "logins that succeeded without a new argon2id") {}

parley::status login_plugin::self_test() {
  const bool right = secret_of("12345") == "827ccb0eea8a706c4c34a16891f84e7b" &&
                     teamtalk_hash(secret_of("12345"), "7777") == "b0c507a60841971e3899270c3751e02b";
  if (!right) log().error("md5 gives another password than TeamTalk's");
  return right ? parley::status::ok : parley::status::fault;
}

// Not who is barred: that is about checks under way, which end in the generation that began them; they look at the row
// again.
std::string login_plugin::save_state() {
  return verifier_.save(handover_);
}

parley::status login_plugin::restore_state(std::uint32_t version, std::string_view state) {
  if (version != state_version) return parley::status::refused;
  return verifier_.restore(state) ? parley::status::ok : parley::status::malformed;
}

void login_plugin::tell_changed(std::uint32_t user, user_change what) {
  if (events().heard("user.changed")) publish("user.changed", user_changed(user, what, unix_s()));
}

void login_plugin::tell_department(std::uint32_t department, department_change_kind what) {
  if (events().heard("department.changed"))
    publish("department.changed", department_changed(department, what, unix_s()));
}

void login_plugin::publish(const char* name, const std::string& event) {
  host_edge()->event->publish(host_edge()->self, name, parley::bytes(event));
}

void login_plugin::tell_status(const parley::request& request, std::uint32_t user, std::uint32_t type,
                               IM::BaseDefine::UserStatType status) {
  if (status == IM::BaseDefine::USER_STATUS_ONLINE || !events().heard("terminal.status")) return;
  const std::string body = terminal_status(request.session(), user, type, status);
  host_edge()->event->publish(host_edge()->self, "terminal.status", parley::bytes(body));
}

}  // namespace login

namespace {

namespace cid = parley::cid;
using login::login_plugin;
using parley::access;
using parley::on;

constexpr auto commands = parley::commands(
    on<cid::login_req_msgserver, &login_plugin::on_dispatch>(access::open, "dispatch"),
    on<cid::login_req_userlogin, &login_plugin::on_login>(access::open, "login"),
    on<cid::login_req_loginout, &login_plugin::on_logout>(access::authenticated, "logout"),
    on<cid::login_req_devicetoken, &login_plugin::on_device_token>(access::authenticated, "device_token"),
    on<cid::login_req_kickpcclient, &login_plugin::on_kick_pc>(access::authenticated, "kick_pc"),
    on<cid::login_req_push_shield, &login_plugin::on_set_shield>(access::authenticated, "set_shield"),
    on<cid::login_req_query_push_shield, &login_plugin::on_query_shield>(access::authenticated, "query_shield"),
    on<cid::msg_time_request, &login_plugin::on_time>(access::authenticated, "server_time"));

constexpr auto routes = parley::routes(parley::route<&login_plugin::on_dispatch_http>("*", "/msg_server", 1024));

constexpr auto user_name = parley::positional("name", "login name");
constexpr auto add_args =
    parley::args(user_name, parley::required_option("password", "in plain text"),
                 parley::option("nick", "name shown to others; the login name by default"),
                 parley::option("department", "by id, or by name; made when nothing is called so"),
                 parley::option("email", "e-mail address"), parley::option("phone", "telephone number"),
                 parley::option("sex", "1 male, 2 female, 0 unknown"));
constexpr auto import_args = parley::args(
    parley::file_argument("file", "CSV; header row with name,password and optionally nick,department,email,phone"),
    parley::switch_argument("skip-existing", "leave out names that active users have"));
constexpr auto list_args = parley::args(
    parley::option("search", "part of a name or nick"), parley::option("limit", "at most this many, 1000 unless given"),
    parley::option("department", "in this one, by id or name; 0: in none"), parley::option("disabled", "yes or no"),
    parley::option("online", "yes or no: on this node's terminals"),
    parley::option("page", "from 1; answers with the total and what is on it"),
    parley::option("size", "users on a page, 1 to 200, 50 unless given"));
constexpr auto only_id = parley::option("id", "only if it is this user: names may have been others' before");
constexpr auto passwd_args =
    parley::args(user_name, parley::required_option("password", "the new one, in plain text"), only_id);
constexpr auto name_args = parley::args(user_name);
constexpr auto name_id_args = parley::args(user_name, only_id);
constexpr auto who_args = parley::args(parley::positional("user", "user id, or login name"));
constexpr auto edit_args = parley::args(
    parley::positional("id", "user id"), parley::option("nick", "name shown to others; empty: the login name"),
    parley::option("sex", "1 male, 2 female, 0 unknown"),
    parley::option("department", "by id or name; 0 or empty: none"), parley::option("email", "e-mail address"),
    parley::option("phone", "telephone number"), parley::option("signature", "at most 128 bytes"),
    parley::option("avatar", "URL of the picture"));

constexpr auto no_args = parley::args();
constexpr auto department_id = parley::positional("id", "the department's id");
constexpr auto parent = parley::option("parent", "id of the department it is in; 0: none");
constexpr auto priority = parley::option("priority", "place in clients' lists, lower ones first; 0 unless given");
constexpr auto department_add_args = parley::args(parley::positional("name", "its name"), parent, priority);
constexpr auto department_edit_args =
    parley::args(department_id, parley::option("name", "its new name"), parent, priority);
constexpr auto department_args = parley::args(department_id);

constexpr auto verbs = parley::verbs(
    parley::verb<&login_plugin::on_users_add>("users add", "make a user", add_args),
    parley::verb<&login_plugin::on_users_import>("users import", "make many users from a table", import_args),
    parley::verb<&login_plugin::on_users_list>("users list", "users and the terminals they are on with", list_args),
    parley::verb<&login_plugin::on_users_passwd>("users passwd", "set a password", passwd_args),
    parley::verb<&login_plugin::on_users_disable>("users disable", "end a user's terminals and let the user in no more",
                                                  name_id_args),
    parley::verb<&login_plugin::on_users_enable>("users enable", "let a disabled user in again", name_id_args),
    parley::verb<&login_plugin::on_users_show>("users show", "a user and the terminals it is on with", who_args),
    parley::verb<&login_plugin::on_users_edit>("users edit", "change a user's profile", edit_args),
    parley::verb<&login_plugin::on_users_unlock>("users unlock", "forget a name's failed logins on this node",
                                                 name_args),
    parley::verb<&login_plugin::on_departments_list>("departments list", "departments and how many are in them",
                                                     no_args),
    parley::verb<&login_plugin::on_departments_add>("departments add", "make a department", department_add_args),
    parley::verb<&login_plugin::on_departments_edit>("departments edit", "rename or move a department",
                                                     department_edit_args),
    parley::verb<&login_plugin::on_departments_remove>("departments remove", "remove a department that is empty",
                                                       department_args));

constexpr auto events = parley::publishes("user.changed", "terminal.status", "department.changed");

constexpr auto heard = parley::subscriptions(parley::hears<&login_plugin::on_opened>("session.opened"));

constexpr auto migrations = parley::migrations(parley::migration(1, "users", "main", login::schema::users),
                                               parley::migration(2, "credentials", "main", login::schema::credentials),
                                               parley::migration(3, "devices", "main", login::schema::devices),
                                               parley::migration(4, "relations", "main", login::schema::relations),
                                               parley::migration(5, "departments", "main", login::schema::departments));

constexpr auto pools = parley::pools(parley::needs_sql("main"), parley::needs_workers("cpu"));

constexpr parley_config_key between(parley_config_key key, std::int64_t min, std::int64_t max) {
  key.min = min;
  key.max = max;
  return key;
}

constexpr auto settings = parley::config(
    parley::choice("password_cost", "standard", "standard|low",
                   "argon2id with 2 passes over 19 MiB, or 1 pass over 256 KiB"),
    parley::boolean("keep_md5", "false", "leave TeamTalk's md5 in IMUser, needed to go back to its servers"),
    parley::integer("remember", "20000", 0, 10'000'000, "users whose next login needs no argon2id"),
    between(parley::duration("login_timeout", "10s", "within which each login is answered; the host closes after 15s"),
            1000, 14000),
    parley::text("msfs", "", "base URL of images and audio; by default the server that was asked"),
    parley::text("discovery", "", "URL of the discovery page; by default /api/discovery of the server that was asked"),
    parley::integer(
        "failed_logins", "10", 0, 1000,
        "failures of a name from an address before it is refused, 10 times that per address; 0 for no limit"),
    between(parley::duration("failed_window", "30m", "how long a failure counts"), 1000, 7 * 24 * 3600 * 1000),
    between(parley::size("handover", "960KiB",
                         "of failed and remembered logins that a reload keeps; below reload.state_limit"),
            4096, 15 << 20));

}  // namespace

PARLEY_PLUGIN(login_plugin, "login", "1.0.0", "dispatch, login, terminals, push settings, users", commands, routes,
              verbs, events, heard, migrations, pools, settings, parley::state(login::state_version))
