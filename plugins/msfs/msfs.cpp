#include "msfs.hpp"

#include <parley/commands.hpp>

#include <stdexcept>

#include "schema.hpp"

namespace msfs {
namespace {

constexpr std::uint64_t first_check_ms = 2000;
constexpr std::uint64_t hour_ms = 3'600'000;

std::uint64_t bytes_of(const parley::configuration& config, const char* key) {
  return static_cast<std::uint64_t>(config.number(key));
}

/// In the trial before a load nothing is made.
std::optional<disk> store_of(const std::string& own, std::string_view configured) {
  if (own.empty()) return std::nullopt;
  if (configured.empty()) return disk(own + "/files");
  if (configured.front() != '/') {
    throw std::invalid_argument("directory: expected an absolute path, found " + std::string(configured));
  }
  return disk(std::string(configured));
}

std::string key_of(const std::string& own, std::string_view configured) {
  if (!configured.empty()) {
    if (configured.size() < 16) throw std::invalid_argument("token_key: expected at least 16 characters");
    return std::string(configured);
  }
  return own.empty() ? random_bytes(32) : kept_key(own + "/token_key");
}

std::string without_slash(std::string_view url) {
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://")) {
    throw std::invalid_argument("public_url: expected http:// or https://, found " + std::string(url));
  }
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

thumbnailer thumbnailer_of(const parley::configuration& config) {
  return thumbnailer(std::string(config.text("thumbnailer")),
                     {bytes_of(config, "thumbnail_pixels"), bytes_of(config, "thumbnail_memory"),
                      static_cast<std::uint32_t>((config.number("thumbnail_time") + 999) / 1000)});
}

}  // namespace

msfs_plugin::msfs_plugin(const parley::context& ctx)
    : plugin(ctx),
      main_(host_edge(), "main"),
      media_(host_edge(), "media"),
      lookups_(host_edge(), "media_lookups"),
      thumbnailing_(host_edge(), "thumbnails"),
      max_file_(bytes_of(config(), "max_file")),
      max_request_(bytes_of(config(), "max_request")),
      min_free_(bytes_of(config(), "min_free")),
      open_(openness_of(config().text("open_uploads"))),
      token_lifetime_s_(static_cast<std::uint32_t>(config().number("token_lifetime") / 1000)),
      public_url_(without_slash(config().text("public_url"))),
      recent_(static_cast<std::uint32_t>(config().number("upload_rate"))),
      quotas_{bytes_of(config(), "max_store"), bytes_of(config(), "user_quota"), bytes_of(config(), "user_daily"),
              bytes_of(config(), "address_daily")},
      disk_(store_of(plugin::directory(), config().text("directory"))),
      mint_(key_of(plugin::directory(), config().text("token_key"))),
      thumbnailer_(thumbnailer_of(config())),
      thumbnail_space_(bytes_of(config(), "thumbnail_space")),
      uploads_(host_edge(), "uploads", "files taken"),
      upload_bytes_(host_edge(), "upload_bytes", "their bytes"),
      refused_{
          {{host_edge(), "refused_too_large", "uploads refused for their size"},
           {host_edge(), "refused_malformed", "uploads refused for their form"},
           {host_edge(), "refused_over_quota", "uploads refused because a user's or an address's quota is used up"},
           {host_edge(), "refused_store_full", "uploads refused because the store or its disk is full"},
           {host_edge(), "refused_not_allowed", "uploads refused for want of a token"},
           {host_edge(), "refused_unavailable", "uploads refused because something was away or busy"}}},
      thumbnails_made_(host_edge(), "thumbnails_made", "thumbnails made"),
      thumbnails_failed_(host_edge(), "thumbnails_failed", "thumbnails that could not be made"),
      checks_(host_edge(), "checks", "comparisons of rows and files that were finished"),
      store_bytes_(host_edge(), "store_bytes", "bytes of uploads in the store"),
      store_files_(host_edge(), "store_files", "uploads in the store") {
  if (!disk_) return;
  if (thumbnailer_.program().empty()) {
    log().warn("no parley-thumbnail beside parleyd, and none in `thumbnailer`: there are no thumbnails");
  }
  hourly_.emplace(host_edge(), first_check_ms, hour_ms,
                  [this] { parley::in_background(host_edge(), tidy_by_itself()); });
}

}  // namespace msfs

namespace {

using msfs::msfs_plugin;
using parley::access;
namespace cid = parley::cid;

constexpr parley_config_key between(parley_config_key key, std::int64_t min, std::int64_t max) {
  key.min = min;
  key.max = max;
  return key;
}

constexpr std::int64_t mib = 1 << 20;
constexpr std::uint32_t largest_body = 2048u * mib + (64u << 10);  // on_upload_head() knows the configured limit

constexpr auto list_args =
    parley::args(parley::option("user", "only this user's, by id"), parley::option("limit", "so many, 100 by default"));
constexpr auto path_args = parley::args(parley::positional("path", "g0/..., or the whole URL"));
constexpr auto usage_args = parley::args(parley::option("user", "of this user, by id; otherwise of the store"));
constexpr auto no_args = parley::args();

constexpr auto commands = parley::commands(
    parley::on<cid::files_upload_token_request, &msfs_plugin::on_token>(access::authenticated, "upload_token"));
constexpr auto routes = parley::routes(
    parley::staged<&msfs_plugin::on_upload_head>(parley::route<&msfs_plugin::on_upload>("POST", "/", largest_body)),
    parley::staged<&msfs_plugin::on_upload_head>(
        parley::route<&msfs_plugin::on_upload>("POST", "/upload", largest_body)),
    parley::staged<&msfs_plugin::on_upload_head>(
        parley::route_below<&msfs_plugin::on_upload>("POST", "/upload/", largest_body)),
    parley::route_below<&msfs_plugin::on_download>("GET", "/g0/", 0));
constexpr auto verbs = parley::verbs(
    parley::verb<&msfs_plugin::on_list>("media list", "uploads, newest first", list_args),
    parley::verb<&msfs_plugin::on_show>("media show", "one upload: whose, when, what it is", path_args),
    parley::verb<&msfs_plugin::on_remove>("media remove", "take an upload and its thumbnails away", path_args),
    parley::verb<&msfs_plugin::on_usage>("media usage", "what the store or a user holds", usage_args),
    parley::verb<&msfs_plugin::on_check>("media check", "compare rows and files now, not in an hour", no_args));
constexpr auto pools = parley::pools(parley::needs_sql("main"), parley::needs_workers("media"),
                                     parley::needs_workers("media_lookups"), parley::needs_workers("thumbnails"));
constexpr auto migrations = parley::migrations(parley::migration(1, "uploads", "main", msfs::schema::uploads));
constexpr auto settings = parley::config(
    parley::text("directory", "",
                 "where files are kept, absolute; TeamTalk's BaseDir can be used; empty: the plugin's own"),
    between(parley::size("max_file", "5MiB", "the largest file taken"), 1, 2048 * mib),
    between(parley::size("max_request", "10MiB", "the largest request taken, 64 KiB of envelope not counted"), 1,
            2048 * mib),
    parley::choice("open_uploads", "off", "off|loopback|on",
                   "who may upload without a token: TeamTalk's clients have none"),
    parley::text("token_key", "", "signs upload tokens; the same on all nodes; empty: made once and kept"),
    between(parley::duration("token_lifetime", "15m", "how long an upload token is good"), 10'000, 86'400'000),
    parley::text("public_url", "",
                 "base URL that clients are told; empty: the host they asked, https:// where they came over TLS"),
    parley::size("user_quota", "1GiB", "bytes of one user; 0B: no limit"),
    parley::size("user_daily", "200MiB", "bytes of one user a day; 0B: no limit"),
    parley::size("address_daily", "100MiB", "bytes of one address without a token a day; 0B: no limit"),
    parley::size("max_store", "20GiB", "bytes of all uploads; 0B: no limit"),
    between(parley::size("min_free", "0B",
                         "what is left free on the disk; 0B: 1GiB, or 5 % of the disk where that is less"),
            0, INT64_MAX),
    parley::integer("upload_rate", "120", 0, 1'000'000,
                    "uploads a minute of one user, or of one address without a token; 0: no limit"),
    parley::text("thumbnailer", "",
                 "the program that makes thumbnails; empty: libexec/parley-thumbnail beside parleyd's bin"),
    parley::integer("thumbnail_pixels", "50000000", 1, 1'000'000'000, "larger images have no thumbnail"),
    between(parley::size("thumbnail_memory", "512MiB", "what making one may take"), 256 * mib, 64 * 1024 * mib),
    between(parley::duration("thumbnail_time", "5s", "CPU time that making one may take"), 1000, 60'000),
    between(parley::size("thumbnail_space", "1GiB", "bytes of thumbnails kept; the longest unused go beyond"), mib,
            INT64_MAX));

}  // namespace

PARLEY_PLUGIN(msfs_plugin, "msfs", "1.0.0", "images and media over HTTP", commands, routes, verbs, pools, migrations,
              settings)
