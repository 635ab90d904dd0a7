#include "push.hpp"

#include <parley/state_bytes.hpp>

#include <stdexcept>

#include "signature.hpp"

namespace push {
namespace {

constexpr std::uint32_t state_version = 3;
constexpr std::size_t most_state = 900 << 10;         // below 1 MiB, the default of reload.state_limit
constexpr std::uint64_t longest_request_ms = 15'000;  // its 10 s, and a little for waiting in the pool

std::unique_ptr<courier> make_courier(const parley::configuration& config, const parley::logger& log) {
  keep_libcurl_mapped();
  const auto url = config.text("url");
  if (url.empty()) {
    log.info("no url: nothing is pushed");
    return nullptr;
  }
  if (config.text("secret").empty()) {
    throw std::invalid_argument("secret: needed where there is a url, so that the receiver knows who posts");
  }
  return std::make_unique<courier>(
      courier::settings{std::string(url), std::string(config.text("proxy")), std::string(config.text("ca_file"))});
}

}  // namespace

push_plugin::push_plugin(const parley::context& ctx)
    : plugin(ctx),
      main_(host_edge(), "main"),
      workers_(host_edge(), "push"),
      key_(config().text("content_key")),
      privacy_(privacy_of(config().text("alert"))),
      alert_bytes_(static_cast<std::size_t>(config().number("alert_bytes"))),
      quiet_(minute_of_day(config().text("quiet_from"), "quiet_from"),
             minute_of_day(config().text("quiet_to"), "quiet_to"), zone_of(config().text("zone"), "zone")),
      silent_with_pc_(config().text("with_pc") == "silent"),
      secret_(config().text("secret")),
      batch_(static_cast<std::size_t>(config().number("batch"))),
      keep_s_(static_cast<std::uint32_t>(config().number("keep") / 1000)),
      made_(host_edge(), "records", "notifications made"),
      posted_(host_edge(), "posted", "of these, taken by the receiver"),
      retried_(host_edge(), "failed_requests", "requests that failed and are tried again"),
      dropped_full_(host_edge(), "dropped_full", "messages and notifications dropped because too many waited"),
      dropped_old_(host_edge(), "dropped_old", "notifications that could not be posted in time"),
      dropped_quiet_(host_edge(), "dropped_quiet", "notifications whose users rest by the time they could be posted"),
      dropped_refused_(host_edge(), "dropped_refused", "notifications that the receiver refused for good"),
      dropped_unknown_(host_edge(), "dropped_unknown", "messages whose recipients cannot be looked up"),
      gone_(host_edge(), "gone_tokens", "device tokens forgotten because the receiver called them dead"),
      queued_(host_edge(), "queued", "notifications that wait"),
      box_(static_cast<std::size_t>(config().number("queue"))),
      pacing_(static_cast<std::uint64_t>(config().number("linger"))),
      courier_(make_courier(config(), log())),
      id_prefix_(random_hex(8) + "-") {}

/// push.serving reaches whoever serves then: this one, when the reload is refused. A request under way goes on here,
/// and push.posted tells how it ended.
std::string push_plugin::save_state() {
  ++epoch_;
  handed_over_ = true;
  looking_ = false;
  known_.reset();
  pacing_.hand_over();
  box_.look_again();
  host_edge()->event->publish(host_edge()->self, "push.serving", {});
  std::string out;
  pacing_.save(out);
  return out + box_.save(most_state);
}

parley::status push_plugin::restore_state(std::uint32_t version, std::string_view state) {
  if (version == 0 || version > state_version) return status::refused;
  parley::state_reader in(state);
  auto fresh = pacing::restored(static_cast<std::uint64_t>(config().number("linger")), in, version);
  if (!in.ok()) return status::malformed;
  const auto left_out = box_.restore(in.rest(), version);
  if (!left_out) return status::malformed;
  dropped_full_.add(static_cast<std::int64_t>(*left_out));
  if (box_.current().records.empty()) fresh.nothing_to_post();
  pacing_ = fresh;
  ++epoch_;
  handed_over_ = true;
  looking_ = false;
  known_.reset();
  return status::ok;
}

void push_plugin::on_serving(const serving&) {
  handed_over_ = false;
  pacing_.serve(now_ms(), longest_request_ms);
  later();
}

}  // namespace push

namespace {

using push::push_plugin;

constexpr parley_config_key between(parley_config_key key, std::int64_t min, std::int64_t max) {
  key.min = min;
  key.max = max;
  return key;
}

constexpr auto published = parley::publishes("push.serving", "push.posted");
constexpr auto heard = parley::subscriptions(
    parley::hears_if_published<&push_plugin::on_committed>("message.committed"),
    parley::hears<&push_plugin::on_serving>("push.serving"), parley::hears<&push_plugin::on_posted>("push.posted"));
constexpr auto pools = parley::pools(parley::needs_sql("main"), parley::needs_workers("push"));
constexpr auto settings = parley::config(
    parley::text("url", "", "where records are posted to, http or https; empty: nothing is pushed"),
    parley::text("secret", "", "signs every request; needed where there is a url"),
    parley::text("proxy", "", "an HTTP proxy to go through; empty: none"),
    parley::text("ca_file", "", "certificates that are trusted, PEM; empty: the system's"),
    parley::text("content_key", "12345678901234567890123456789012", "32 bytes: the key clients encrypt text with"),
    parley::choice("alert", "full", "full|sender|none", "sender and text, the sender alone, or an empty alert"),
    parley::integer("alert_bytes", "120", 16, 1000, "longer alerts are cut there, at a character's end, and get ..."),
    parley::choice("with_pc", "skip", "skip|silent", "who is on a PC gets nothing, or a silent record"),
    parley::text("quiet_from", "22:00", "time from which who has set the nightly shield gets nothing"),
    parley::text("quiet_to", "07:00", "until when; the same as quiet_from: never"),
    parley::text("zone", "local", "whose time that is: the node's (local), or ahead of UTC such as +08:00"),
    parley::integer("batch", "100", 1, 1000, "the most records of a request"),
    between(parley::duration("linger", "200ms", "how long a record waits for others"), 1, 60'000),
    parley::integer("queue", "10000", 1, 1'000'000, "records that may wait; the oldest are dropped beyond"),
    between(parley::duration("keep", "1h", "older ones are not posted any more"), 1000, 7 * 24 * 3600 * 1000));

}  // namespace

PARLEY_PLUGIN(push_plugin, "push", "1.0.0", "notifications for devices that are away, by webhook", published, heard,
              pools, settings, parley::state(push::state_version))
