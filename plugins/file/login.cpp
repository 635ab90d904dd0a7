// 0x0501: a fresh connection that is for one transfer.
#include <parley/commands.hpp>

#include <algorithm>

#include "file.hpp"
#include "task_id.hpp"

namespace file {
namespace {

constexpr std::uint32_t our_level = 1;

bool belongs(const knock& who, const task& what) {
  return who.user != 0 && (sends(who.as) ? what.from : what.to) == who.user && mode_of(who.as) == what.mode;
}

}  // namespace

parley::task<parley::status> file_plugin::on_login(parley::request request, IM::File::IMFileLoginReq message) {
  if (request.is_call()) co_return request.explain(status::not_allowed, "a transfer needs a connection");
  if (request.principal().id != 0) {
    if (!(request.principal().flags & PARLEY_TERMINAL)) co_return violated(request.session(), "a second 0x0501");
    IM::File::IMFileLoginRsp no;
    no.set_result_code(1);
    no.set_task_id(message.task_id());
    co_return request.reply(parley::cid::file_login_res, no);
  }
  knock who;
  who.session = request.session();
  who.seq = request.seq();
  who.user = message.user_id();
  who.as = static_cast<role>(message.file_role());
  who.id = message.task_id();
  who.level = std::min(message.extension_level(), our_level);
  who.resume = message.resume_offset();
  who.address = request.peer();
  co_await let_in(std::move(who));
  co_return status::ok;
}

/// One that a generation before this one had begun with.
void file_plugin::on_knock(const knock& who) {
  parley::in_background(host_edge(), let_in(who));
}

/// True when this generation does not serve any more: then the one that does goes on with it.
bool file_plugin::handed_over(const knock& who, std::uint64_t epoch) const {
  if (epoch == epoch_) return false;
  publish("file.knock", who.encoded());
  return true;
}

/// Everything that is wrong is refused the same way: who guesses learns nothing.
parley::task<> file_plugin::let_in(knock who) {
  const auto epoch = epoch_;
  if (!is_task_id(who.id) || door_.refuses(who.address, now_ms()) || leaving_.contains(who.id)) {
    co_return turn_away(who, "unknown task");
  }
  if (!find(who.id)) {
    auto loaded = co_await look_up(who, epoch);
    if (epoch != epoch_ || !loaded) co_return;
    if (!find(who.id)) {
      if (live_.size() >= max_transfers_) co_return turn_away(who, "too many transfers");
      live_[who.id].what = std::move(*loaded);
    }
  }
  auto* all = find(who.id);
  if (!belongs(who, all->what)) {
    door_.failed(who.address, now_ms());
    turn_away(who, "unknown task");
    co_return drop_if_idle(who.id);
  }
  const auto identified = sessions().identify(who.session, who.user, who.level);
  if (identified != (who.known ? status::conflict : status::ok)) co_return drop_if_idle(who.id);
  who.known = true;
  if (sends(who.as)) {
    co_await admit_sender(std::move(who), epoch);
  } else {
    admit_receiver(who, *all);
    drop_if_idle(who.id);
  }
}

/// Nothing: it has been turned away, or another generation looks.
parley::task<std::optional<task>> file_plugin::look_up(knock who, std::uint64_t epoch) {
  auto row = co_await main_.read([&](parley::sql& db) { return store::find_task(db, who.id); });
  if (handed_over(who, epoch)) co_return std::nullopt;
  if (!row) {
    turn_away(who, "database away");
    co_return std::nullopt;
  }
  if (!*row && who.as == role::downloader) {
    auto loaded = co_await workers_.run([&] { return vault_.load(who.id); });
    if (handed_over(who, epoch)) co_return std::nullopt;
    if (loaded) *row = std::move(*loaded);
  }
  if (*row && belongs(who, **row)) co_return std::move(*row);
  door_.failed(who.address, now_ms());
  turn_away(who, "unknown task");
  co_return std::nullopt;
}

void file_plugin::turn_away(const knock& who, const char* why) {
  refused_logins_.add();
  IM::File::IMFileLoginRsp no;
  no.set_result_code(1);
  no.set_task_id(who.id);
  const parley::encoded body(no);
  sessions().answer(who.session, who.seq, parley::cid::file_login_res, body);
  sessions().close(who.session, why);
}

void file_plugin::welcome(const knock& who, std::uint64_t offset) const {
  IM::File::IMFileLoginRsp yes;
  yes.set_result_code(0);
  yes.set_task_id(who.id);
  if (who.level > 0) {
    yes.set_extension_level(who.level);
    yes.set_offset(static_cast<number>(offset));
  }
  const parley::encoded body(yes);
  sessions().answer(who.session, who.seq, parley::cid::file_login_res, body);
}

/// False: somebody is there who stays. A client of level 1 that comes back takes the place of its old connection, which
/// may not know yet that it is dead; so does whoever fetches a file.
///
/// Rationale: TeamTalk answers a connection too many with success and ignores it; its clients depend on not being
/// refused.
bool file_plugin::take_place(const knock& who, transfer& all, end& one) {
  if (one && one.session != who.session) {  // else: begun before a reload that was refused, or only tried
    if (who.level == 0 && who.as != role::downloader) {
      welcome(who, 0);
      return false;
    }
    const auto old = one.session;
    ends_.erase(old);
    left(all, who.as);
    sessions().close(old, "replaced");
  }
  one = {who.session, who.level, false, false};
  ends_[who.session] = {who.id, who.as};
  return true;
}

parley::task<> file_plugin::admit_sender(knock who, std::uint64_t epoch) {
  auto* all = find(who.id);
  if (!take_place(who, *all, all->sender)) co_return;
  if (who.as == role::sender) {
    all->sender.ready = true;
    welcome(who, 0);
    co_return meet(*all);
  }
  const auto still_there = [&] { return (all = find(who.id)) && all->sender.session == who.session; };
  while (all->up.writing || all->up.finishing) {  // for the connection before this one
    co_await parley::sleep(host_edge(), 20);
    if (handed_over(who, epoch) || !still_there()) co_return;
  }
  const task what = all->what;
  const bool keep = who.level > 0;
  auto has = co_await workers_.run([&] { return vault_.prepare(what, keep); });
  if (handed_over(who, epoch) || !still_there()) co_return;
  if (!has) {
    disk_errors_.add();
    last_trouble_ = has.text();
    complain("an upload cannot begin: " + has.text());
    ends_.erase(who.session);
    all->sender = {};
    turn_away(who, "disk error");
    co_return drop_if_idle(who.id);
  }
  all->up.start(*has);
  all->sender.ready = true;
  welcome(who, *has);
  if (*has == what.size) {
    all->up.finishing = true;
    parley::in_background(host_edge(), finish(who.id, epoch_));
    co_return;
  }
  pull_more(*all);
  serve(*all);
  co_await main_.write([&](parley::sql& db) { store::touch_task(db, who.id, unix_s()); });
}

void file_plugin::admit_receiver(const knock& who, transfer& all) {
  if (!take_place(who, all, all.receiver)) return;
  all.receiver.ready = true;
  if (who.as == role::receiver) {
    welcome(who, 0);
    return meet(all);
  }
  const auto from = who.level > 0 && who.resume <= all.what.size ? who.resume : 0;
  all.down.start(from);
  welcome(who, from);
  serve(all);
}

}  // namespace file
