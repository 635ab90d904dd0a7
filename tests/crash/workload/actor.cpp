#include "crash/workload/actor.hpp"

#include <algorithm>
#include <parley/commands.hpp>

#include "support/chat_client.hpp"

namespace parley::crash {
namespace {

constexpr std::uint64_t login_ms = 8000;
constexpr std::uint64_t answer_ms = 20000;
constexpr std::uint32_t group_share = 333;     // in a thousand
constexpr std::uint32_t stranger_share = 100;  // of pages, in a thousand: of any group, one's own or not

}  // namespace

actor::actor(stage& on, client::event_loop& loop, const role& as, terminal& log, pulse& alive, std::uint64_t seed)
    : stage_(on), loop_(loop), role_(as), recorder_(on, log), alive_(alive), random_(seed) {}

void actor::tick() {
  if (gone_) session_.reset();
  if (!session_) {
    if (stage_.now_ns() >= rest_until_ns_) connect();
    return;
  }
  if (!session_->ready()) return;
  for (const auto number : std::exchange(again_, {})) send(number);
  if (stage_.talking && chance(role_.departures, 10000)) return left();
  pump();
}

place actor::somewhere() {
  const auto& mine = me();
  if (!mine.groups.empty() && chance(group_share, 1000)) return {true, mine.groups[random_() % mine.groups.size()]};
  return {false, stage_.people[mine.peers[random_() % mine.peers.size()]].id};
}

void actor::connect() {
  node_ = random_() % stage_.nodes;
  ends_ = stage_.ends[node_];
  const auto port = stage_.ports[node_].load();
  if (port == 0) return;
  alive_.node = static_cast<int>(node_);
  gone_ = false;
  session_ = std::make_unique<client::session>(
      loop_, client::session::handlers{[this](const client::identity&) { arrived(); },
                                       [this](const client::pdu& got) { unasked(got); },
                                       [this](const client::error& why) { lost(why); }});
  client::credentials who{me().name, test::password_of(me().name)};
  who.client_type = role_.mobile ? IM::BaseDefine::CLIENT_TYPE_ANDROID : IM::BaseDefine::CLIENT_TYPE_WINDOWS;
  who.extension_level = role_.level;
  session_->start({stage_.addresses[node_], port}, who, login_ms);
}

/// Whatever has no ack is said again, under its name; without names it stays unknown.
void actor::arrived() {
  ++recorder_.session;
  again_.clear();
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    if (!messages_[i].acked && !messages_[i].given_up) send(i);
  }
}

/// The session is destroyed at the next tick, not in its own callback.
void actor::left() {
  if (std::exchange(gone_, true)) return;
  open_ = 0;
  rest_until_ns_ = stage_.now_ns() + static_cast<std::int64_t>(random_() % 100) * 1'000'000;
}

/// Whoever was logged in at a node that lives stays so.
void actor::lost(const client::error& why) {
  if (!gone_ && why.what == client::failure::closed && ends_ == stage_.ends[node_]) {
    ++stage_.dropped;
    if (stage_.surviving) stage_.complain(name_of(role_) + " lost its connection with a node that lives: " + why.text);
  }
  left();
}

void actor::pump() {
  while (!gone_ && stage_.talking && open_ < role_.window && messages_.size() < role_.most) say_something();
}

void actor::say_something() {
  if (chance(role_.pages, 1000)) ask_for_page();
  if (chance(role_.reads, 1000)) move_position();
  if (!messages_.empty() && chance(role_.resends, 1000)) return send(random_() % messages_.size());
  const auto name = name_of(role_) + "/" + std::to_string(messages_.size());
  messages_.push_back({somewhere(), role_.level > 0 ? name : "", name + " " + std::string(random_() % 200, 'x')});
  if (role_.level > 0) ++stage_.open;
  if (messages_.size() == role_.most) {
    --stage_.speaking;
    alive_.speaking = false;
  }
  send(messages_.size() - 1);
}

void actor::send(std::size_t number) {
  auto& what = messages_[number];
  IM::Message::IMMsgData body;
  body.set_from_user_id(me().id);
  body.set_to_session_id(what.to.id);
  body.set_msg_id(0);
  body.set_create_time(0);
  body.set_msg_type(what.to.group ? IM::BaseDefine::MSG_TYPE_GROUP_TEXT : IM::BaseDefine::MSG_TYPE_SINGLE_TEXT);
  body.set_msg_data(codec_.encrypt(what.text).value_or(""));
  if (!what.id.empty()) body.set_client_msg_id(what.id);
  line one{.kind = what::send};
  one.with = what.to;
  one.content = hash_of(body.msg_data());
  one.client_msg_id = what.id;
  const auto content = one.content;
  const auto at = recorder_.add(std::move(one));
  ++open_;
  session_->request(cid::msg_data, body, answer_ms, [this, number, at, content](client::result<client::pdu> got) {
    answered(number, at, content, std::move(got));
  });
}

void actor::answered(std::size_t number, std::int64_t sent_at_ns, std::uint64_t content,
                     client::result<client::pdu> got) {
  if (gone_) return;
  if (open_ > 0) --open_;
  if (got) {
    acked(number, sent_at_ns, content, *got);
    if (role_.eager) pump();
  } else if (got.why().what == client::failure::refused) {
    refused(number, got.why());
  } else if (!messages_[number].acked) {
    if (role_.level == 0) {
      messages_[number].given_up = true;
    } else if (got.why().what == client::failure::timeout) {
      again_.push_back(number);
    }
  }
}

void actor::acked(std::size_t number, std::int64_t sent_at_ns, std::uint64_t content, const client::pdu& got) {
  IM::Message::IMMsgDataAck ack;
  if (got.head.command_id != cid::msg_data_ack || !got.read(ack)) {
    return stage_.complain(name_of(role_) + " got command " + std::to_string(got.head.command_id) + " for an ack");
  }
  auto& what = messages_[number];
  line one{.kind = what::ack, .duplicate = ack.duplicate()};
  one.with = place_of(ack.session_type(), ack.session_id());
  one.msg_id = ack.msg_id();
  one.client_msg_id = ack.client_msg_id();
  one.content = content;
  one.asked_at_ns = sent_at_ns;
  recorder_.add(std::move(one));
  if (ack.client_msg_id() != what.id) {
    stage_.complain("the ack of " + what.id + " names " + ack.client_msg_id());
  }
  if (std::exchange(what.acked, true)) return;
  if (role_.level > 0) --stage_.open;
  ++stage_.acked;
  alive_.beat(stage_.now_ns());
}

void actor::refused(std::size_t number, const client::error& why) {
  auto& what = messages_[number];
  line one{.kind = what::refuse};
  one.with = what.to;
  one.client_msg_id = what.id;
  recorder_.add(std::move(one));
  constexpr std::uint32_t too_fast = 5, busy = 6, unavailable = 7;
  if (why.code != too_fast && why.code != busy && why.code != unavailable) {
    return stage_.complain(what.id + " was refused with " + std::to_string(why.code) + ": " + why.text);
  }
  if (!what.acked) again_.push_back(number);
}

void actor::unasked(const client::pdu& got) {
  if (got.head.seq_num != 0) return;  // too late to be of use
  if (got.head.command_id == cid::msg_data) {
    IM::Message::IMMsgData pushed;
    if (!got.read(pushed)) return stage_.complain("a push that does not parse");
    auto& highest = heard_[recorder_.pushed(pushed)];
    highest = std::max(highest, pushed.msg_id());
  } else if (got.head.command_id == cid::msg_read_notify) {
    IM::Message::IMMsgDataReadNotify notice;
    if (!got.read(notice)) return stage_.complain("a notice that does not parse");
    line one{.kind = what::read_notice};
    one.with = place_of(notice.session_type(), notice.session_id());
    one.msg_id = notice.msg_id();
    recorder_.add(std::move(one));
  }
}

void actor::ask_for_page() {
  auto where = somewhere();
  if (chance(stranger_share, 1000)) {
    where = {true,
             std::next(stage_.members.begin(), static_cast<std::ptrdiff_t>(random_() % stage_.members.size()))->first};
  }
  const auto known = heard_[where];
  IM::Message::IMGetMsgListReq body;
  body.set_user_id(me().id);
  body.set_session_type(type_of(where));
  body.set_session_id(where.id);
  body.set_msg_id_begin(known > 0 && chance(1, 2) ? 1 + random_() % known : 0);
  body.set_msg_cnt(1 + random_() % 50);
  const auto at = recorder_.now();
  session_->request(cid::msg_list_request, body, answer_ms, [this, at](client::result<client::pdu> got) {
    if (gone_ || !got) return;
    IM::Message::IMGetMsgListRsp page;
    if (!got->read(page)) return stage_.complain("a page that does not parse");
    recorder_.page(page, at, false);
  });
}

void actor::move_position() {
  const auto where = somewhere();
  const auto known = heard_[where];
  if (known == 0) return;
  IM::Message::IMMsgDataReadAck body;
  body.set_user_id(me().id);
  body.set_session_id(where.id);
  body.set_msg_id(1 + random_() % known);
  body.set_session_type(type_of(where));
  line one{.kind = what::read};
  one.with = where;
  one.msg_id = body.msg_id();
  recorder_.add(std::move(one));
  session_->tell(cid::msg_read_ack, body);
}

}  // namespace parley::crash
