#include "message.hpp"

#include <parley/commands.hpp>
#include <parley/state_bytes.hpp>

#include <random>

#include "content.hpp"
#include "schema.hpp"

namespace message {
namespace {

enum lane_index : std::uint32_t { commit_lane, read_lane };

std::size_t bounded_audio(std::int64_t max_audio) {
  if (max_audio > static_cast<std::int64_t>(duration_bytes) && max_audio <= static_cast<std::int64_t>(audio_bytes)) {
    return static_cast<std::size_t>(max_audio);
  }
  throw std::invalid_argument("max_audio: expected 5 bytes to 380KiB, which is what every client can receive");
}

}  // namespace

messenger::messenger(const parley::context& ctx)
    : plugin(ctx),
      main_(host_edge(), "main"),
      commit_lane_(host_edge(), lane_index::commit_lane),
      read_lane_(host_edge(), lane_index::read_lane),
      max_audio_(bounded_audio(config().number("max_audio"))),
      history_page_(static_cast<std::uint32_t>(config().number("history_page"))),
      audio_placeholder_(config().text("content_key")),
      codec_(config().text("content_key")),
      handover_(static_cast<std::size_t>(config().number("trace_handover"))),
      ledger_(static_cast<std::size_t>(config().number("trace"))) {
  keep_for(config().number("keep"));
  announcing_.name = config().text("announcer");
  announcing_.per_tick = static_cast<std::uint32_t>((config().number("announce_rate") + 3) / 4);
  announcing_.claimant = std::random_device()() | 1u;
  announce_soon();
}

std::string messenger::save_state() {
  std::string out;
  parley::put(out, announcing_.claimant);
  return out + ledger_.save(handover_);
}

parley::status messenger::restore_state(std::uint32_t version, std::string_view state) {
  if (version != state_version) return status::refused;
  parley::state_reader in(state);
  const auto claimant = in.get<std::uint32_t>();
  if (!in.ok() || !ledger_.restore(in.rest())) return status::malformed;
  announcing_.claimant = claimant;
  return status::ok;
}

void messenger::tell_user_made(std::uint32_t user) const {
  static constexpr char name[] = "user.changed";
  if (!events().heard(name)) return;
  const std::string event = user_made(user, unix_s());
  host_edge()->event->publish(host_edge()->self, name, parley::bytes(event));
}

parley::status messenger::commit_batch(parley::sql& db, std::span<outgoing* const> items) {
  complain(committer_.run(db, items, unix_s()));
  return status::ok;
}

parley::status messenger::read_batch(parley::sql& db, std::span<reading* const> items) {
  complain(save_readings(db, items, unix_s()));
  return status::ok;
}

/// At most once a second: a database that is away fails every batch.
void messenger::complain(const std::string& failure) {
  if (failure.empty()) return;
  const auto now = unix_s();
  if (complained_.exchange(now) != now) log().warn("a batch failed: " + failure);
}

namespace {

namespace cid = parley::cid;
using parley::access;
using parley::on;

constexpr auto commands = parley::commands(
    on<cid::msg_data, &messenger::on_send>(access::authenticated, "send"),
    on<cid::msg_data_ack, &messenger::on_delivered>(access::authenticated, "delivered"),
    on<cid::msg_read_ack, &messenger::on_read>(access::authenticated, "read"),
    on<cid::msg_unread_cnt_request, &messenger::on_unread>(access::authenticated, "unread"),
    on<cid::msg_list_request, &messenger::on_history>(access::authenticated, "history"),
    on<cid::msg_get_latest_msg_id_req, &messenger::on_latest>(access::authenticated, "latest_id"),
    on<cid::msg_get_by_msg_id_req, &messenger::on_by_ids>(access::authenticated, "by_ids"),
    on<cid::buddy_list_recent_contact_session_request, &messenger::on_recent>(access::authenticated, "recent_sessions"),
    on<cid::buddy_list_remove_session_req, &messenger::on_remove>(access::authenticated, "remove_session"),
    on<cid::switch_p2p_cmd, &messenger::on_p2p>(access::authenticated, "p2p"));
constexpr auto published = parley::publishes("message.committed", "user.changed");
constexpr auto heard = parley::subscriptions(parley::hears<&messenger::on_user_changed>("user.changed"));
constexpr auto pools = parley::pools(parley::needs_sql("main"));
constexpr auto lanes = parley::lanes(parley::group_commit<&messenger::commit_batch>("commit", "main", 512, 20000),
                                     parley::group_commit<&messenger::read_batch>("read", "main", 512, 20000));
constexpr auto migrations =
    parley::migrations(parley::migration(1, "single_messages", "main", schema::single_messages.data()),
                       parley::migration(2, "group_messages", "main", schema::group_messages.data()),
                       parley::migration(3, "relations_and_sessions", "main", schema::teamtalk),
                       parley::migration(4, "conversations", "main", schema::conversations),
                       parley::migration(5, "groups", "main", schema::groups),
                       parley::migration(6, "announcements", "main", schema::announcements));
constexpr auto expire_args =
    parley::args(parley::positional("days", "older ones go; 0: all"), parley::option("group", "a group's id"),
                 parley::option("user", "a user's id"), parley::option("peer", "the id of the user it talked with"));
constexpr auto user_option = parley::option("user", "a user's id");
constexpr auto peer_option = parley::option("peer", "the id of the user it talked with");
constexpr auto group_option = parley::option("group", "a group's id");
constexpr auto msg_id = parley::positional("id", "the message's number in its conversation");
constexpr auto show_args =
    parley::args(user_option, peer_option, group_option, parley::option("before", "only numbers below this one"),
                 parley::option("limit", "at most this many, 1 to 100; 50 unless given"));
constexpr auto one_args = parley::args(msg_id, user_option, peer_option, group_option);
constexpr auto search_args = parley::args(
    parley::positional("text", "part of it; upper and lower case of ASCII are the same"),
    parley::option("user", "a user's id: what it talked with others; with --peer, with that one"), peer_option,
    group_option, parley::option("since", "Unix seconds"), parley::option("until", "Unix seconds"),
    parley::option("from", "where an earlier answer's `next` says"),
    parley::option("limit", "at most this many, 1 to 100; 50 unless given"));
constexpr auto announce_args = parley::args(parley::positional("text", "what everybody is to read"),
                                            parley::option("department", "only who is in it, by its id"),
                                            parley::option("users", "only these ids, as 1,2,3"));
constexpr auto page_args =
    parley::args(parley::option("page", "from 1"), parley::option("size", "on a page, 1 to 200, 50 unless given"));
constexpr auto verbs = parley::verbs(
    parley::verb<&messenger::on_expire>("messages expire", "remove a conversation's old messages for good",
                                        expire_args),
    parley::verb<&messenger::on_show>("messages show", "what was written in a conversation", show_args),
    parley::verb<&messenger::on_search>("messages search", "messages with a text in them, newest first", search_args),
    parley::verb<&messenger::on_withdraw>("messages remove", "take a message out of everybody's sight", one_args),
    parley::verb<&messenger::on_trace>("messages trace", "where a message went and who has read it", one_args),
    parley::verb<&messenger::on_announce>("announce", "send a message to everybody", announce_args),
    parley::verb<&messenger::on_announcements>("announcements list", "announcements and how far they are", page_args));

constexpr parley_config_key between(parley_config_key key, std::int64_t min, std::int64_t max) {
  key.min = min;
  key.max = max;
  return key;
}

constexpr parley_config_key at_most(parley_config_key key, std::int64_t max) {
  key.max = max;
  return key;
}

constexpr auto settings = parley::config(
    at_most(parley::duration("keep", "0s", "older messages are removed for good; 0s: they are kept"),
            std::int64_t{36'500} * 24 * 3600 * 1000),
    parley::size("max_audio", "380KiB",
                 "the largest recording taken, its 4 bytes of duration included; at most 380KiB"),
    parley::integer("history_page", "200", 1, 200, "the most messages one 0x0309 is answered with"),
    parley::text("content_key", "12345678901234567890123456789012", "32 bytes: the key clients encrypt text with"),
    parley::integer("trace", "10000", 0, 1'000'000,
                    "newest messages of which is known where they went, about 150 bytes each; 0: of none"),
    between(parley::size("trace_handover", "16KiB", "of that knowledge a reload keeps; below reload.state_limit"), 0,
            15 << 20),
    parley::text("announcer", "", "login name of who makes announcements; by default an account of its own"),
    parley::integer("announce_rate", "200", 4, 10'000, "messages of announcements each second"));

}  // namespace
}  // namespace message

PARLEY_PLUGIN(message::messenger, "message", "0.1.0", "messages, history, unread counts, recent sessions",
              message::commands, message::published, message::heard, message::pools, message::lanes,
              message::migrations, message::verbs, message::settings, parley::state(message::state_version))
