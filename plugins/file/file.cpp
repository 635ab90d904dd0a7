#include "file.hpp"

#include <parley/commands.hpp>

#include "schema.hpp"

namespace file {
namespace {

std::string directory_of(std::string_view configured, std::string own) {
  return configured.empty() ? std::move(own) : std::string(configured);
}

}  // namespace

file_plugin::file_plugin(const parley::context& ctx)
    : plugin(ctx),
      main_(host_edge(), "main"),
      workers_(host_edge(), "files"),
      vault_(directory_of(config().text("directory"), directory()),
             {.keep_free = static_cast<std::uint64_t>(config().number("keep_free"))}),
      address_(config().text("address")),
      port_(static_cast<std::uint32_t>(config().number("port"))),
      max_file_(static_cast<number>(config().number("max_file"))),
      max_total_(static_cast<std::uint64_t>(config().number("max_total"))),
      quota_{static_cast<std::size_t>(config().number("max_tasks")),
             static_cast<std::uint64_t>(config().number("max_waiting"))},
      max_transfers_(static_cast<std::size_t>(config().number("max_transfers"))),
      max_of_user_(static_cast<std::size_t>(config().number("max_of_user"))),
      grace_ms_(static_cast<std::uint64_t>(config().number("grace"))),
      stalled_ms_(static_cast<std::uint64_t>(config().number("stalled"))),
      undecided_ms_(static_cast<std::uint64_t>(config().number("undecided"))),
      keep_s_(static_cast<number>(config().number("keep") / 1000)),
      unfinished_s_(static_cast<number>(config().number("keep_unfinished") / 1000)),
      listed_(static_cast<number>(config().number("listed"))),
      offers_(host_edge(), "offers", "transfers that were asked for and begun"),
      refused_offers_(host_edge(), "refused_offers", "transfers that were asked for and refused"),
      refused_logins_(host_edge(), "refused_logins", "connections without a transfer of theirs"),
      violations_(host_edge(), "violations", "connections closed because of what they sent"),
      disk_errors_(host_edge(), "disk_errors", "reads and writes that failed"),
      completed_(host_edge(), "completed", "uploads committed"),
      expired_(host_edge(), "expired", "files and unfinished transfers that nobody came for"),
      stalled_(host_edge(), "stalled", "connections closed because a block or a pull did not come"),
      bytes_up_(host_edge(), "bytes_up", "bytes of files taken from uploaders"),
      bytes_down_(host_edge(), "bytes_down", "bytes of files given to downloaders"),
      bytes_relayed_(host_edge(), "bytes_relayed", "bytes of files handed on from sender to receiver"),
      online_(host_edge(), "online_transfers", "online transfers with somebody connected"),
      uploading_(host_edge(), "uploads", "uploads with somebody connected"),
      downloading_(host_edge(), "downloads", "downloads with somebody connected"),
      door_(static_cast<std::uint32_t>(config().number("failed_logins"))),
      collect_at_ms_(now_ms() + 30'000) {
  clock_.emplace(host_edge(), 1000, 1000, [this] { tick(); });
}

}  // namespace file

namespace {

namespace cid = parley::cid;
using file::file_plugin;
using parley::access;
using parley::on;

constexpr parley_config_key between(parley_config_key key, std::int64_t min, std::int64_t max) {
  key.min = min;
  key.max = max;
  return key;
}

constexpr auto commands =
    parley::commands(on<cid::file_login_req, &file_plugin::on_login>(access::open, "login"),
                     on<cid::file_state, &file_plugin::on_state>(access::authenticated, "state"),
                     on<cid::file_pull_data_req, &file_plugin::on_pull>(access::authenticated, "pull"),
                     on<cid::file_pull_data_rsp, &file_plugin::on_block>(access::authenticated, "block"),
                     on<cid::file_request, &file_plugin::on_offer>(access::authenticated, "request"),
                     on<cid::file_has_offline_req, &file_plugin::on_list>(access::authenticated, "has_offline"),
                     on<cid::file_add_offline_req, &file_plugin::on_add>(access::authenticated, "add_offline"),
                     on<cid::file_del_offline_req, &file_plugin::on_delete>(access::authenticated, "delete_offline"));
constexpr auto published =
    parley::publishes("file.serving", "file.written", "file.settled", "file.knock", "file.ended");
constexpr auto heard = parley::subscriptions(
    parley::hears<&file_plugin::on_closed>("session.closed"), parley::hears<&file_plugin::on_serving>("file.serving"),
    parley::hears<&file_plugin::on_written>("file.written"), parley::hears<&file_plugin::on_settled>("file.settled"),
    parley::hears<&file_plugin::on_knock>("file.knock"), parley::hears<&file_plugin::on_ended>("file.ended"));

constexpr auto list_args = parley::args(parley::option("user", "login name or id: what that user sends or is sent"));
constexpr auto task_args = parley::args(parley::positional("task", "the task's id, 36 characters"));
constexpr std::array<parley_verb_arg, 0> no_args{};
constexpr auto verbs = parley::verbs(
    parley::verb<&file_plugin::on_files_list>("files list", "transfers that have not ended", list_args),
    parley::verb<&file_plugin::on_files_show>("files show", "one transfer, and how far it is", task_args),
    parley::verb<&file_plugin::on_files_cancel>("files cancel", "ends a transfer and removes its file", task_args),
    parley::verb<&file_plugin::on_files_usage>("files usage", "what is kept, and what goes on", no_args));

constexpr auto pools = parley::pools(parley::needs_sql("main"), parley::needs_workers("files"));
constexpr auto migrations = parley::migrations(parley::migration(1, "tasks", "main", file::schema::tasks));
constexpr auto settings = parley::config(
    parley::text("directory", "", "where offline_file is, or will be made; empty: the plugin's own directory"),
    parley::text("address", "", "where clients connect for transfers; empty: the address of this node's listener"),
    parley::integer("port", "0", 0, 65535, "its port; 0: the listener's"),
    between(parley::size("max_file", "1GiB", "the largest file"), 1, 0xFFFFFFFF),
    parley::integer("max_tasks", "100", 1, 100'000, "transfers of one sender that have not ended"),
    between(parley::size("max_waiting", "4GiB", "bytes of one sender's files that are kept for others"), 1, INT64_MAX),
    between(parley::size("max_total", "100GiB", "bytes of everybody's files that are kept"), 1, INT64_MAX),
    between(parley::size("keep_free", "1GiB", "room on the disk that files leave to others"), 0, INT64_MAX),
    parley::integer("max_transfers", "2000", 1, 50'000, "transfers that go on at a time"),
    parley::integer("max_of_user", "100", 1, 50'000, "connections of one user for transfers"),
    between(parley::duration("grace", "60s", "how long an online transfer waits for an end that can come back"), 0,
            3'600'000),
    between(parley::duration("stalled", "2m", "how long a connection may owe a block or its next pull"), 1000,
            86'400'000),
    between(parley::duration("undecided", "30m", "how long a recipient may be connected before its first pull"), 1000,
            86'400'000),
    between(parley::duration("keep", "7d", "how long a file waits for its recipient"), 1000, 3650LL * 24 * 3'600'000),
    between(parley::duration("keep_unfinished", "1d", "how long a transfer that does not go on is kept"), 1000,
            3650LL * 24 * 3'600'000),
    parley::integer("listed", "1000", 1, 4000, "the most files that one 0x0509 is answered with"),
    parley::integer("failed_logins", "20", 0, 1'000'000,
                    "of one address in ten minutes, before the next ones wait for their refusal; 0: any"));

}  // namespace

PARLEY_PLUGIN(file_plugin, "file", "1.0.0", "file transfer between users, online and offline", commands, published,
              heard, verbs, pools, migrations, settings, parley::state(2))
