#include "http_admin.hpp"

#include <sodium.h>

#include <stdexcept>

#include "schema.hpp"

namespace http_admin {

http_admin_plugin::http_admin_plugin(const parley::context& ctx)
    : plugin(ctx),
      main_(host_edge(), "main"),
      cpu_(host_edge(), "cpu"),
      accepted_(host_edge(), "accepted", "calls to /query/ whose key was good"),
      refused_(host_edge(), "refused", "calls to /query/ that were refused before anything was asked") {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start: no source of random numbers");
}

}  // namespace http_admin

namespace {

using http_admin::http_admin_plugin;

// 10,000 ids and their commas.
constexpr std::uint32_t most_query = 128 << 10;

constexpr auto routes =
    parley::routes(parley::route<&http_admin_plugin::on_create_group>("POST", "/query/CreateGroup", most_query),
                   parley::route<&http_admin_plugin::on_change_members>("POST", "/query/ChangeMembers", most_query),
                   parley::route_below<&http_admin_plugin::on_unknown>("*", "/query/", most_query),
                   parley::route<&http_admin_plugin::on_discovery>("GET", "/api/discovery", 0));

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
constexpr auto link_id_args = parley::args(parley::positional("id", "as `links list` shows it"));

constexpr auto verbs = parley::verbs(
    parley::verb<&http_admin_plugin::on_keys_add>("app-keys add", "make a key for a program that uses /query/",
                                                  key_args),
    parley::verb<&http_admin_plugin::on_keys_list>("app-keys list", "the keys of programs, without the secret",
                                                   no_args),
    parley::verb<&http_admin_plugin::on_keys_remove>("app-keys remove", "a key is good no more", key_name_args),
    parley::verb<&http_admin_plugin::on_links_add>("links add", "a link that clients show on their discovery page",
                                                   link_args),
    parley::verb<&http_admin_plugin::on_links_list>("links list", "the links that clients show", no_args),
    parley::verb<&http_admin_plugin::on_links_remove>("links remove", "clients show it no more", link_id_args));

constexpr auto migrations =
    parley::migrations(parley::migration(1, "app_keys", "main", http_admin::schema::app_keys),
                       parley::migration(2, "discovery", "main", http_admin::schema::discovery));

constexpr auto pools = parley::pools(parley::needs_sql("main"), parley::needs_workers("cpu"));

}  // namespace

PARLEY_PLUGIN(http_admin_plugin, "http_admin", "1.0.0", "TeamTalk's HTTP calls with keys, and the discovery page",
              routes, verbs, migrations, pools)
