// poll: questions that two users put to each other.
#include <parley/commands.hpp>
#include <parley/plugin.hpp>

#include <map>

#include "IM.Message.pb.h"
#include "events/message.pb.h"
#include "poll.pb.h"
#include "store.hpp"
#include "talk.hpp"

namespace {

namespace pb = poll_messages;
namespace store = poll_store;
using parley::status;

enum command : std::uint16_t {
  ask_id = 0x8100,
  asked_id = 0x8101,
  opened_id = 0x8102,
  vote_id = 0x8103,
  voted_id = 0x8104,
  changed_id = 0x8105,
  show_id = 0x8106,
  tally_id = 0x8107,
  close_id = 0x8108,
  closed_id = 0x8109,
};

class module final : public parley::plugin {
 public:
  explicit module(const parley::context& ctx)
      : plugin(ctx),
        main_(host_edge(), "main"),
        most_seconds_(static_cast<std::uint32_t>(config().number("longest") / 1000)) {}

  parley::task<status> on_ask(parley::request request, pb::Ask message) {
    const auto me = request.user();
    if (message.option_size() < 2 || message.option_size() > 20)
      co_return request.explain(status::malformed, "a poll has 2 to 20 options");
    if (message.peer() == me || message.peer() == 0) co_return request.explain(status::no_target, "ask somebody else");
    if (message.question().size() > 500) co_return status::too_large;
    const auto now = unix_s();
    store::question q;
    q.who = store::pair::of(me, message.peer());
    q.asked_by = me;
    q.text = message.question();
    q.options = {message.option().begin(), message.option().end()};
    for (const auto& label : q.options) {
      if (label.empty() || label.size() > 100)
        co_return request.explain(status::malformed, "an option has 1 to 100 bytes");
    }
    q.ends = now + std::min(seconds(message), most_seconds_);
    q.quiet = message.quiet();
    auto add = [&](parley::sql& db) { store::add(db, q, now); };
    if (const auto added = co_await main_.write(add); !added) co_return added.code();
    if (q.quiet) quieted(q.who, q.ends);
    pb::Poll reply;
    reply.set_poll_id(q.id);
    reply.set_asked_by(me);
    reply.set_question(q.text);
    for (const auto& label : q.options) reply.add_option(label);
    reply.set_ends(q.ends);
#if POLL_VERSION >= 2
    reply.set_quiet(q.quiet);
#endif
    const auto sent = request.reply(asked_id, reply);
    tell(q.who, opened_id, reply);
    co_return sent;
  }

  parley::task<status> on_vote(parley::request request, pb::Vote message) {
    const auto me = request.user();
    const auto now = unix_s();
    status refused = status::ok;
    pb::Tally reply;
    store::pair who;
    auto vote = [&](parley::sql& db) {
      const auto q = store::find(db, message.poll_id());
      if (!q || !q->who.has(me)) return void(refused = status::no_target);
      if (message.option() >= q->options.size()) return void(refused = status::malformed);
      if (now >= q->ends) return void(refused = status::refused);
      who = q->who;
      store::vote(db, q->id, me, message.option());
      fill(reply, *q, store::tally(db, *q), now);
    };
    if (const auto voted = co_await main_.write(vote); !voted) co_return voted.code();
    if (refused == status::refused) co_return request.explain(refused, "this poll has ended");
    if (refused != status::ok) co_return refused;
    fill(reply, talks_.of(who));
    const auto sent = request.reply(voted_id, reply);
    tell(who, changed_id, reply);
    co_return sent;
  }

  parley::task<status> on_show(parley::request request, pb::Show message) {
    const auto me = request.user();
    const auto now = unix_s();
    pb::Tally reply;
    store::pair who;
    auto show = [&](parley::sql& db) {
      const auto q = store::find(db, message.poll_id());
      if (!q || !q->who.has(me)) return false;
      who = q->who;
      fill(reply, *q, store::tally(db, *q), now);
      return true;
    };
    const auto shown = co_await main_.read(show);
    if (!shown) co_return shown.code();
    if (!*shown) co_return status::no_target;
    fill(reply, talks_.of(who));
    co_return request.reply(tally_id, reply);
  }

#if POLL_VERSION >= 2
  parley::task<status> on_close(parley::request request, pb::Close message) {
    const auto me = request.user();
    const auto now = unix_s();
    pb::Tally reply;
    store::pair who;
    auto close = [&](parley::sql& db) {
      auto q = store::find(db, message.poll_id());
      if (!q || q->asked_by != me) return false;
      who = q->who;
      q->ends = std::min(q->ends, now);
      store::end(db, q->id, q->ends);
      fill(reply, *q, store::tally(db, *q), now);
      return true;
    };
    const auto closed = co_await main_.write(close);
    if (!closed) co_return closed.code();
    if (!*closed) co_return status::no_target;
    forget_quiet();
    fill(reply, talks_.of(who));
    co_return request.reply(closed_id, reply);
  }
#endif

  /// Sees every message before plugin message does: a quiet poll keeps the two from writing.
  parley::task<status> before_message(parley::request request, std::string body) {
    IM::Message::IMMsgData message;
    if (!message.ParseFromString(body)) co_return status::ok;  // its owner says what is wrong with it
    while (!quiet_known_) {
      const auto now = unix_s();
      const auto forgotten = forgotten_;
      auto load = [&](parley::sql& db) { return store::quiet_pairs(db, now); };
      const auto pairs = co_await main_.read(load);
      if (!pairs) co_return pairs.code();
      if (forgotten != forgotten_) continue;
      for (const auto& [who, ends] : *pairs) quieted(who, ends);
      quiet_known_ = true;
    }
    const auto found = quiet_.find(store::pair::of(request.user(), message.to_session_id()));
    if (found == quiet_.end()) co_return status::ok;
    const auto now = unix_s();
    if (now < found->second)
      co_return request.explain(status::refused, "a quiet poll is open", (found->second - now) * 1000);
    quiet_.erase(found);
    co_return status::ok;
  }

  void on_committed(const parley::events::MessageCommitted& event) {
    if (event.kind() != 1) return;
    talks_.add(store::pair::of(event.a(), event.b()), event.count(), unix_s());
  }

  std::string save_state() override {
    return talks_.save();
  }
  status restore_state(std::uint32_t version, std::string_view state) override {
    if (!talks_.restore(version, state)) return status::refused;
    forget_quiet();  // after a rollback: the other generation has opened and closed polls meanwhile
    return status::ok;
  }

 private:
  void quieted(const store::pair& who, std::uint32_t ends) {
    auto& until = quiet_[who];
    until = std::max(until, ends);
  }

  void forget_quiet() {
    quiet_.clear();
    quiet_known_ = false;
    ++forgotten_;
  }

  static std::uint32_t seconds(const pb::Ask& message) {
#if POLL_VERSION >= 2
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(message.milliseconds() / 1000, UINT32_MAX));
#else
    return message.seconds();
#endif
  }

  static void fill(pb::Tally& out, const poll::talk& talk) {
#if POLL_VERSION >= 2
    out.mutable_talk()->set_messages(talk.messages);
    if (talk.last) out.mutable_talk()->set_last(talk.last);
#else
    out.set_messages(talk.messages);
#endif
  }

  static void fill(pb::Tally& out, const store::question& q, const std::vector<std::uint32_t>& votes,
                   std::uint32_t now) {
    out.set_poll_id(q.id);
    for (const auto count : votes) out.add_votes(count);
    out.set_open(now < q.ends);
  }

  template <class Message>
  void tell(const store::pair& who, std::uint16_t command, const Message& message) const {
    sessions().push_user(who.a, command, message);
    sessions().push_user(who.b, command, message);
  }

  parley::sql_pool main_;
  std::uint32_t most_seconds_;
  poll::talks talks_;
  std::map<store::pair, std::uint32_t> quiet_;  // until when; what has ended goes when it is looked at
  bool quiet_known_ = false;
  std::uint64_t forgotten_ = 0;  // how often: what is being read then is old
};

constexpr auto commands =
    parley::commands(parley::on<ask_id, &module::on_ask>(parley::access::authenticated, "ask"),
                     parley::on<vote_id, &module::on_vote>(parley::access::authenticated, "vote"),
#if POLL_VERSION >= 2
                     parley::on<close_id, &module::on_close>(parley::access::authenticated, "close"),
#endif
                     parley::on<show_id, &module::on_show>(parley::access::authenticated, "show"));
constexpr auto filters = parley::filters(parley::filter<parley::cid::msg_data, &module::before_message>());
constexpr auto heard = parley::subscriptions(parley::hears_if_published<&module::on_committed>("message.committed"));
constexpr auto pools = parley::pools(parley::needs_sql("main"));
constexpr auto migrations = parley::migrations(parley::migration(1, "polls", "main", store::schema));
constexpr auto settings = parley::config(parley::duration("longest", "24h", "how long a poll can take votes"));

}  // namespace

PARLEY_PLUGIN(module, "poll", POLL_VERSION >= 2 ? "2.0.0" : "1.0.0", "questions that two users put to each other",
              commands, filters, heard, pools, migrations, settings, parley::state(poll::state_version))
