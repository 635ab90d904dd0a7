#include "crash/workload/last_look.hpp"

#include <algorithm>
#include <map>
#include <parley/commands.hpp>

#include "client/blocking_client.hpp"
#include "crash/scene.hpp"
#include "crash/workload/recorder.hpp"
#include "support/chat_client.hpp"

namespace parley::crash {
namespace {

constexpr std::uint64_t patient_ms = 30000;

class reader {
 public:
  reader(stage& on, const person& who, terminal& into) : stage_(on), who_(who), recorder_(on, into) {
    recorder_.session = 1;
  }

  /// A database that has only just come back may be away to a login: as a person would, it tries again.
  bool log_in() {
    const auto until = test::steady::now() + test::milliseconds(patient_ms);
    for (;;) {
      const auto got = client_.login({stage_.addresses[0], stage_.ports[0].load()},
                                     {who_.name, test::password_of(who_.name)}, patient_ms);
      if (got) return true;
      if (got.why().what != client::failure::refused || test::steady::now() > until) {
        stage_.complain("the last login of " + who_.name + " failed: " + got.why().text);
        return false;
      }
      rest(20);
    }
  }

  /// A group that it is not in: it writes there, which must not be taken.
  void intrude(std::uint32_t group) {
    const auto got = speak({true, group}, "let me in", who_.name + "/last look/" + std::to_string(group));
    constexpr std::uint32_t no_target = 8;
    if (!got && (got.why().what != client::failure::refused || got.why().code != no_target)) {
      stage_.complain(who_.name + " wrote to a group it is not in, and was not refused: " + got.why().text);
    }
  }

  void read_all(const place& where) {
    std::uint32_t begin = 0;
    do {
      IM::Message::IMGetMsgListReq body;
      body.set_user_id(who_.id);
      body.set_session_type(type_of(where));
      body.set_session_id(where.id);
      body.set_msg_id_begin(begin);
      body.set_msg_cnt(200);
      const auto at = recorder_.now();
      const auto got = client_.ask<IM::Message::IMGetMsgListRsp>(cid::msg_list_request, body, patient_ms);
      if (!got) return stage_.complain(who_.name + " cannot read a last page: " + got.why().text);
      recorder_.page(*got, at, true);
      if (got->msg_list_size() == 0) return;
      begin = got->msg_list(got->msg_list_size() - 1).msg_id() - 1;
    } while (begin > 0);
  }

  void count_unread() {
    IM::Message::IMUnreadMsgCntReq body;
    body.set_user_id(who_.id);
    const auto got = client_.ask<IM::Message::IMUnreadMsgCntRsp>(cid::msg_unread_cnt_request, body, patient_ms);
    if (!got) return stage_.complain(who_.name + " cannot count what is unread: " + got.why().text);
    std::map<place, std::uint32_t> counts;
    for (const auto index : who_.peers) counts[{false, stage_.people[index].id}] = 0;
    for (const auto group : who_.groups) counts[{true, group}] = 0;
    for (const auto& info : got->unreadinfo_list()) {
      counts[place_of(info.session_type(), info.session_id())] = info.unread_cnt();
    }
    for (const auto& [where, count] : counts) {
      recorder_.add({.kind = what::unread, .final = true, .with = where, .count = count});
    }
  }

  void say_again(const line& acked) {
    const auto got = speak(acked.with, "other words for " + acked.client_msg_id, acked.client_msg_id);
    if (!got) stage_.complain("a resend of " + acked.client_msg_id + " got no ack: " + got.why().text);
  }

 private:
  client::result<client::sent> speak(const place& to, const std::string& text, const std::string& id) {
    line one{.kind = what::send, .with = to, .content = hash_of(client_.codec().encrypt(text).value_or(""))};
    one.client_msg_id = id;
    line ack{.kind = what::ack, .with = to, .content = one.content, .client_msg_id = id};
    ack.asked_at_ns = recorder_.add(std::move(one));
    auto got = client_.send_text(to.id, text, {.client_msg_id = id, .to_group = to.group, .timeout_ms = patient_ms});
    if (!got) return got;
    ack.msg_id = got->msg_id;
    ack.duplicate = got->duplicate;
    recorder_.add(std::move(ack));
    return got;
  }

  stage& stage_;
  const person& who_;
  recorder recorder_;
  client::blocking_client client_;
};

/// Acked messages of one user, evenly over the whole play.
std::vector<line> some_acked(const history& all, std::uint32_t user, std::size_t most) {
  std::vector<line> out;
  for (const auto& who : all.terminals) {
    if (who.user != user || who.level == 0) continue;
    for (const auto& one : who.lines) {
      if (one.kind == what::ack && !one.duplicate) out.push_back(one);
    }
  }
  const auto step = out.size() / std::max<std::size_t>(1, most) + 1;
  std::vector<line> some;
  for (std::size_t i = 0; i < out.size(); i += step) some.push_back(out[i]);
  return some;
}

}  // namespace

void last_look(stage& on, history& to, std::size_t resends) {
  const auto before = to.terminals.size();
  to.terminals.reserve(before + on.people.size());
  std::vector<std::unique_ptr<reader>> readers;
  for (const auto& who : on.people) {
    auto& log = to.terminals.emplace_back(terminal{who.name + "/last look", who.id, 1, {}});
    readers.push_back(std::make_unique<reader>(on, who, log));
    if (!readers.back()->log_in()) return;
    for (const auto& [group, members] : on.members) {
      if (!members.contains(who.id)) readers.back()->intrude(group);
    }
  }
  for (std::size_t i = 0; i < readers.size(); ++i) {
    for (const auto peer : on.people[i].peers) readers[i]->read_all({false, on.people[peer].id});
    for (const auto& [group, members] : on.members) readers[i]->read_all({true, group});
    readers[i]->count_unread();
  }
  for (std::size_t i = 0; i < readers.size(); ++i) {
    for (const auto& acked : some_acked(to, on.people[i].id, resends)) readers[i]->say_again(acked);
  }
}

}  // namespace parley::crash
