#include "http_admin.hpp"

#include <parley/background.hpp>

#include <sodium.h>

#include <stdexcept>

#include "schema.hpp"

namespace http_admin {
namespace {

constexpr std::uint64_t clean_up_ms = 10 * 60 * 1000;

lockout::limits limits_of(const parley::configuration& config) {
  lockout::limits out;
  out.failures = static_cast<std::size_t>(config.number("failed_logins"));
  out.window_ms = static_cast<std::uint64_t>(config.number("failed_window"));
  return out;
}

}  // namespace

http_admin_plugin::http_admin_plugin(const parley::context& ctx)
    : plugin(ctx),
      main_(host_edge(), "main"),
      cpu_(host_edge(), "cpu"),
      accepted_(host_edge(), "accepted", "calls to /query/ whose key was good"),
      refused_(host_edge(), "refused", "calls to /query/ that were refused before anything was asked"),
      rest_served_(host_edge(), "rest_served", "calls to /api/v1/ that were served"),
      rest_refused_(host_edge(), "rest_refused", "calls to /api/v1/ that were refused"),
      signed_in_(host_edge(), "signed_in", "sign-ins of admins"),
      not_signed_in_(host_edge(), "not_signed_in", "sign-ins that were refused"),
      effort_(config().text("password_cost") == "low" ? cost::low : cost::standard),
      always_secure_(config().text("cookie_secure") == "always"),
      idle_s_(static_cast<store::number>(config().number("session_idle") / 1000)),
      longest_s_(static_cast<store::number>(config().number("session_length") / 1000)),
      audit_days_(static_cast<store::number>(config().number("audit_days"))),
      lockout_(limits_of(config())),
      rate_(static_cast<std::uint32_t>(config().number("sign_ins_per_minute"))),
      cleaning_(host_edge(), clean_up_ms, clean_up_ms, [this] { parley::in_background(host_edge(), clean_up()); }) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start: no source of random numbers");
}

}  // namespace http_admin

namespace {

using http_admin::http_admin_plugin;

// 10,000 ids and their commas.
constexpr std::uint32_t most_query = 128 << 10;
constexpr std::uint32_t most_body = 64 << 10;
constexpr std::uint32_t most_table = 4 << 20;

constexpr auto routes =
    parley::routes(parley::route<&http_admin_plugin::on_create_group>("POST", "/query/CreateGroup", most_query),
                   parley::route<&http_admin_plugin::on_change_members>("POST", "/query/ChangeMembers", most_query),
                   parley::route_below<&http_admin_plugin::on_unknown>("*", "/query/", most_query),
                   parley::route<&http_admin_plugin::on_discovery>("GET", "/api/discovery", 0),
                   parley::route<&http_admin_plugin::on_console_without_slash>("GET", "/admin", 0),
                   parley::route_below<&http_admin_plugin::on_console>("GET", "/admin/", 0),
                   parley::route<&http_admin_plugin::on_rest>("POST", "/api/v1/users/import", most_table),
                   parley::route_below<&http_admin_plugin::on_rest>("*", "/api/v1/", most_body));

constexpr auto key_args = parley::args(
    parley::positional("name", "whose key it is: the program's name"),
    parley::option("user", "login name of the only user it may name as req_user_id; any unless given"),
    parley::option("calls", "CreateGroup,ChangeMembers or one of them; both unless given"),
    parley::option("from", "addresses and networks it may be used from, as 10.0.0.0/8,::1; all unless given"));
constexpr auto key_name_args = parley::args(parley::positional("name", "as `app-keys list` shows it"));
constexpr auto no_args = parley::args();
constexpr auto link_args = parley::args(
    parley::positional("name", "what clients show"), parley::positional("url", "where it leads, http or https"),
    parley::option("priority", "links of lower numbers come first; 0 unless given"));
constexpr auto link_edit_args =
    parley::args(parley::positional("id", "as `links list` shows it"), parley::option("name", "what clients show"),
                 parley::option("url", "where it leads, http or https"),
                 parley::option("priority", "links of lower numbers come first"));
constexpr auto link_id_args = parley::args(parley::positional("id", "as `links list` shows it"));

constexpr auto admin_name = parley::positional("name", "the admin's name, or id");
constexpr auto admin_role = parley::option("role", "viewer, operator or admin");
constexpr auto admin_password = parley::option("password", "in plain text, at least 8 characters");
constexpr auto admin_file = parley::file_option("password-file", "a file whose first line is the password");
constexpr auto admin_add_args =
    parley::args(parley::positional("name", "whom: a-z A-Z 0-9 . _ @ -"),
                 parley::option("role", "viewer, operator or admin, which it is unless given"),
                 parley::option("password", "in plain text; one is made and shown unless given"), admin_file);
constexpr auto admin_edit_args =
    parley::args(admin_name, admin_role, admin_password, parley::option("disabled", "yes or no"));
constexpr auto admin_passwd_args = parley::args(
    admin_name, parley::option("password", "in plain text; one is made and shown unless given"), admin_file);
constexpr auto admin_args = parley::args(admin_name);
constexpr auto audit_args =
    parley::args(parley::option("admin", "only of this one"), parley::option("action", "only such, as users.edit"),
                 parley::option("page", "from 1"), parley::option("size", "rows on a page, 1 to 200, 50 unless given"));

constexpr auto verbs = parley::verbs(
    parley::verb<&http_admin_plugin::on_keys_add>("app-keys add", "make a key for a program that uses /query/",
                                                  key_args),
    parley::verb<&http_admin_plugin::on_keys_list>("app-keys list", "the keys of programs, without the secret",
                                                   no_args),
    parley::verb<&http_admin_plugin::on_keys_remove>("app-keys remove", "a key is good no more", key_name_args),
    parley::verb<&http_admin_plugin::on_links_add>("links add", "a link that clients show on their discovery page",
                                                   link_args),
    parley::verb<&http_admin_plugin::on_links_list>("links list", "the links that clients show", no_args),
    parley::verb<&http_admin_plugin::on_links_edit>("links edit", "change a link", link_edit_args),
    parley::verb<&http_admin_plugin::on_links_remove>("links remove", "clients show it no more", link_id_args),
    parley::verb<&http_admin_plugin::on_admins_add>("admins add", "make an admin of /api/v1 and the console",
                                                    admin_add_args),
    parley::verb<&http_admin_plugin::on_admins_list>("admins list", "the admins", no_args),
    parley::verb<&http_admin_plugin::on_admins_edit>("admins edit", "change an admin", admin_edit_args),
    parley::verb<&http_admin_plugin::on_admins_passwd>("admins passwd", "set a password and end the admin's sign-ins",
                                                       admin_passwd_args),
    parley::verb<&http_admin_plugin::on_admins_disable>("admins disable", "end an admin's sign-ins, and let none in",
                                                        admin_args),
    parley::verb<&http_admin_plugin::on_admins_enable>("admins enable", "let a disabled admin in again", admin_args),
    parley::verb<&http_admin_plugin::on_admins_remove>("admins remove", "remove an admin", admin_args),
    parley::verb<&http_admin_plugin::on_admins_unlock>("admins unlock", "forget failed sign-ins of a name on this node",
                                                       admin_args),
    parley::verb<&http_admin_plugin::on_audit_list>("audit list", "what admins did, newest first", audit_args));

constexpr auto migrations =
    parley::migrations(parley::migration(1, "app_keys", "main", http_admin::schema::app_keys),
                       parley::migration(2, "discovery", "main", http_admin::schema::discovery),
                       parley::migration(3, "admins", "main", http_admin::schema::admins),
                       parley::migration(4, "admin_sessions", "main", http_admin::schema::admin_sessions),
                       parley::migration(5, "audit", "main", http_admin::schema::audit));

constexpr parley_config_key between(parley_config_key key, std::int64_t min, std::int64_t max) {
  key.min = min;
  key.max = max;
  return key;
}

constexpr std::int64_t second = 1000, day = 24 * 3600 * second;
constexpr auto settings = parley::config(
    parley::choice("password_cost", "standard", "standard|low",
                   "of admins' passwords: argon2id with 2 passes over 19 MiB, or 1 pass over 256 KiB"),
    between(parley::duration("session_idle", "30m", "a sign-in ends when nothing was asked for so long"), second,
            30 * day),
    between(parley::duration("session_length", "12h", "a sign-in ends after that"), second, 365 * day),
    parley::choice("cookie_secure", "auto", "auto|always",
                   "always: for TLS alone, as behind a proxy that speaks it; auto: when this node speaks it"),
    parley::integer("failed_logins", "5", 1, 100,
                    "failures of a name from an address before it is locked, 10 times that per address"),
    between(parley::duration("failed_window", "15m", "how long a failure counts"), second, 7 * day),
    parley::integer("sign_ins_per_minute", "120", 1, 100'000, "passwords that are looked at, of all addresses"),
    parley::integer("audit_days", "365", 0, 36'500, "after which a row of the audit log goes; 0: never"));

constexpr auto pools = parley::pools(parley::needs_sql("main"), parley::needs_workers("cpu"));

}  // namespace

PARLEY_PLUGIN(http_admin_plugin, "http_admin", "1.0.0",
              "HTTP for programs with keys and for admins, and the discovery page", routes, verbs, migrations, pools,
              settings, parley::state(http_admin::state_version))
