// From a committed message to records: who is to be notified, and of what.
#include <algorithm>

#include "push.hpp"
#include "text.hpp"

namespace push {
namespace {

constexpr std::size_t messages_per_look_up = 64;
constexpr std::uint64_t look_again_ms = 1000;
constexpr std::uint32_t single = 1, group = 2;  // the event's kind

void add_once(std::vector<std::uint32_t>& to, std::uint32_t id) {
  if (std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
}

}  // namespace

void push_plugin::on_committed(const parley::events::MessageCommitted& event) {
  handed_over_ = false;
  if (!courier_ || (event.kind() != single && event.kind() != group)) return;
  message_news news;
  news.group = event.kind() == group;
  news.from = event.author_id();
  news.target = news.group ? event.group_id() : event.author_id() == event.a() ? event.b() : event.a();
  if (!news.group && !silent_with_pc_ && on_pc(news.target)) return;
  news.msg_id = event.msg_id() + std::max(event.count(), 1u) - 1;
  news.msg_type = event.msg_type();
  news.created = event.created();
  news.content = substance_of(event.msg_type(), event.has_msg_data() ? &event.msg_data() : nullptr, key_);
  news.content.text = cut(news.content.text, alert_bytes_);
  dropped_full_.add(static_cast<std::int64_t>(box_.add(std::move(news))));
  later();
}

bool push_plugin::on_pc(std::uint32_t user) const {
  const auto terminals = sessions().terminals(user);
  return std::any_of(terminals.begin(), terminals.end(), [](const auto& one) { return one.tag >> 4 == 0; });
}

/// One job for up to 64 messages. Who is on a PC is asked when it is done.
parley::task<> push_plugin::look_up() {
  looking_ = true;
  const auto epoch = epoch_;
  std::vector<std::uint32_t> authors, users, groups;
  for (const auto& one : box_.take_news(messages_per_look_up)) {
    add_once(authors, one.from);
    add_once(one.group ? groups : users, one.target);
  }
  const auto known = co_await main_.read([&](parley::sql& db) {
    findings out{store::names(db, authors), store::devices(db, users), {}};
    for (const auto id : groups) out.of_group[id] = store::member_devices(db, id);
    return out;
  });
  if (epoch != epoch_ || known.code() == status::cancelled) co_return;
  looking_ = false;
  if (!known) {
    box_.look_again();
    if (!std::exchange(database_away_, true)) {
      log().warn("recipients cannot be looked up, trying again: " + std::string(known.text()));
    }
    look_again_.emplace(host_edge(), look_again_ms, 0, [this] { later(); });
    co_return;
  }
  database_away_ = false;
  for (const auto& one : box_.take_news(0)) notify(one, *known);
  box_.looked_up();
  later();
}

void push_plugin::notify(const message_news& message, const findings& known) {
  const auto name = known.names.find(message.from);
  const auto alert =
      alert_text(message.content, name == known.names.end() ? "" : name->second, message.group, privacy_, alert_bytes_);
  const bool quiet = quiet_.at(unix_s());
  const auto add = [&](const store::device& to) {
    if (to.user == message.from || to.token.empty() || (quiet && to.shielded)) return;
    const bool silent = on_pc(to.user);
    if (silent && !silent_with_pc_) return;
    made_.add();
    const std::string id = id_prefix_ + std::to_string(++last_id_);
    dropped_full_.add(static_cast<std::int64_t>(
        box_.add(record{id, to.user, to.client_type, to.token, silent, message.group, message.from, message.target,
                        message.msg_id, message.msg_type, message.created, alert})));
  };
  if (message.group) {
    if (const auto found = known.of_group.find(message.target); found != known.of_group.end()) {
      for (const auto& one : found->second) add(one);
    }
  } else if (const auto found = known.of_user.find(message.target); found != known.of_user.end()) {
    add(found->second);
  }
}

}  // namespace push
