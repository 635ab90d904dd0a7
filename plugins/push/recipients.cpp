// From a committed message to records: who is to be notified, and of what.
#include <parley/utf8.hpp>

#include <algorithm>
#include <array>

#include "push.hpp"

namespace push {
namespace {

constexpr std::size_t messages_per_look_up = 64;
constexpr std::size_t members_per_turn = 2000;
constexpr std::uint64_t look_again_ms = 1000;
constexpr std::uint32_t most_alone_failures = 3;
constexpr std::uint32_t single = 1, group = 2;  // the event's kind

void add_once(std::vector<std::uint32_t>& to, std::uint32_t id) {
  if (std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
}

}  // namespace

void push_plugin::on_committed(const parley::events::MessageCommitted& event) {
  handed_over_ = false;
  if (!courier_ || (event.kind() != single && event.kind() != group)) return;
  // Every node hears of the message, one posts it.
  if (!responsible_for(event.kind() == group ? event.group_id() : std::uint64_t{event.a()} << 32 | event.b())) return;
  message_news news;
  news.group = event.kind() == group;
  news.from = event.author_id();
  news.target = news.group ? event.group_id() : event.author_id() == event.a() ? event.b() : event.a();
  if (!news.group && !silent_with_pc_ && on_pc(news.target)) return;
  news.msg_id = event.msg_id() + std::max(event.count(), 1u) - 1;
  news.msg_type = event.msg_type();
  news.created = event.created();
  news.content = substance_of(event.msg_type(), event.has_msg_data() ? &event.msg_data() : nullptr, key_);
  news.content.text = parley::cut_text(news.content.text, alert_bytes_);
  dropped_full_.add(static_cast<std::int64_t>(box_.add(std::move(news))));
  later();
}

bool push_plugin::on_pc(std::uint32_t user) const {
  const auto pc = [](const parley::terminal& one) { return one.tag >> 4 == 0; };
  std::array<parley::terminal, 8> few;
  const auto* e = host_edge();
  const auto count = e->session->terminals(e->self, user, few.data(), few.size());
  if (count <= few.size()) return std::any_of(few.begin(), few.begin() + count, pc);
  const auto all = sessions().terminals(user);
  return std::any_of(all.begin(), all.end(), pc);
}

/// What was created before is dropped.
std::uint32_t push_plugin::oldest() const {
  const auto now = unix_s();
  return now - std::min(now, keep_s_);
}

/// One job for up to 64 messages. Who is on a PC is asked when it is done.
parley::task<> push_plugin::look_up() {
  looking_ = true;
  const auto epoch = epoch_;
  std::vector<std::uint32_t> authors, users, groups;
  dropped_old_.add(static_cast<std::int64_t>(box_.drop_old_news(oldest())));
  for (const auto& one : box_.take_news(suspects_ > 0 ? 1 : messages_per_look_up)) {
    add_once(authors, one.from);
    add_once(one.group ? groups : users, one.target);
  }
  if (authors.empty()) {
    looking_ = false;
    co_return;
  }
  auto known = co_await main_.read([&](parley::sql& db) {
    findings out{store::names(db, authors), store::devices(db, users), {}};
    for (const auto id : groups) out.of_group[id] = store::member_devices(db, id);
    return out;
  });
  if (epoch != epoch_ || known.code() == status::cancelled) co_return;
  if (!known) co_return look_up_failed(known.failure());
  complained_ = false;
  suspects_ -= std::min<std::size_t>(suspects_, 1);
  alone_failures_ = 0;
  known_ = std::move(*known);
  sift();
}

/// Tried again once a second. When that helps no more than the last time, the messages go one by one, and the one that
/// fails alone is dropped, so that it holds back no other.
void push_plugin::look_up_failed(const parley::error& why) {
  const auto text = std::string(why.text.empty() ? parley::to_string(why.code) : why.text);
  const bool passes = why.code == status::unavailable || why.code == status::busy || why.code == status::retry;
  const auto count = box_.take_news(0).size();
  if (!passes && count > 1) {
    suspects_ = count;
    alone_failures_ = 0;
  } else if (!passes) {
    suspects_ = std::max<std::size_t>(suspects_, 1);
    if (++alone_failures_ >= most_alone_failures) {
      log().error("a message's recipients cannot be looked up, it is not pushed: " + text);
      dropped_unknown_.add();
      box_.done_with_news();
      --suspects_;
      alone_failures_ = 0;
    }
  }
  box_.look_again();
  looking_ = false;
  if (!std::exchange(complained_, true)) log().warn("recipients cannot be looked up, trying again: " + text);
  resting_ = true;
  look_again_.emplace(host_edge(), look_again_ms, 0, [this] {
    resting_ = false;
    later();
  });
}

/// So many members in one turn of the loop, the others in later ones.
void push_plugin::sift() {
  auto left = members_per_turn;
  while (auto* message = box_.looked_up()) {
    if (!notify(*message, left)) return later();
    box_.done_with_news();
  }
  known_.reset();
  looking_ = false;
  later();
}

/// False: for more than `left` there is no time now; the next call goes on. One message of a group takes at most half
/// of the queue, so that others keep a place.
bool push_plugin::notify(message_news& message, std::size_t& left) {
  const auto name = known_->names.find(message.from);
  const auto alert = alert_text(message.content, name == known_->names.end() ? "" : name->second, message.group,
                                privacy_, alert_bytes_);
  const bool quiet = quiet_.at(unix_s());
  const auto most = std::max<std::size_t>(box_.capacity() / 2, 1);
  const auto some = next_portion(message, *known_, left);
  for (const auto& to : some.devices) {
    if (to.user == message.from || to.token.empty() || (quiet && to.shielded)) continue;
    const bool silent = on_pc(to.user);
    if (silent && !silent_with_pc_) continue;
    if (message.made >= most) {
      dropped_full_.add();
      continue;
    }
    ++message.made;
    made_.add();
    const std::string id = id_prefix_ + std::to_string(++last_id_);
    dropped_full_.add(static_cast<std::int64_t>(
        box_.add(record{id, to.user, to.client_type, to.token, silent, message.group, message.from, message.target,
                        message.msg_id, message.msg_type, message.created, alert, to.shielded})));
  }
  return some.last;
}

}  // namespace push
