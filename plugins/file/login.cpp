// 0x0501: a fresh connection that is for one transfer.
#include <parley/commands.hpp>

#include <algorithm>

#include "file.hpp"
#include "task_id.hpp"

namespace file {
namespace {

constexpr std::uint32_t our_level = 1;

bool belongs(const knock& who, const task& what) {
  return who.user != 0 && what.at != stage::leaving && (sends(who.as) ? what.from : what.to) == who.user &&
         mode_of(who.as) == what.mode;
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
  serve_from_now_on();
  const auto epoch = epoch_;
  if (!is_task_id(who.id)) co_return co_await refuse(std::move(who));
  if (too_many_of(who.user)) co_return put_off(who, "too many transfers of this user");
  if (!find(who.id)) {
    auto loaded = co_await look_up(who, epoch);
    if (epoch != epoch_ || !loaded) co_return;
    if (!find(who.id)) {
      if (live_.size() >= max_transfers_) co_return put_off(who, "too many transfers");
      auto& made = live_[who.id];
      made.what = std::move(*loaded);
      made.down.turn = ++made_ << 32;  // a read for one that was here before may still be under way
    }
  }
  auto* all = find(who.id);
  if (!belongs(who, all->what) || leaving_.contains(who.id)) {
    drop_if_idle(who.id);
    co_return co_await refuse(std::move(who));
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
    put_off(who, "database away");
    co_return std::nullopt;
  }
  if (!*row && who.as == role::downloader) {
    auto loaded = co_await workers_.run([&] { return vault_.load(who.id); });
    if (handed_over(who, epoch)) co_return std::nullopt;
    if (loaded) *row = std::move(*loaded);
  }
  if (*row && belongs(who, **row) && !leaving_.contains(who.id)) co_return std::move(*row);
  co_await refuse(std::move(who));
  co_return std::nullopt;
}

/// Who has failed too often waits for it; who would get in does not, whoever else is behind that address.
parley::task<> file_plugin::refuse(knock who) {
  const auto epoch = epoch_;
  if (door_.refuses(who.address, now_ms())) {
    co_await parley::sleep(host_edge(), 2000);
    if (handed_over(who, epoch)) co_return;
  }
  door_.failed(who.address, now_ms());
  turn_away(who, "unknown task");
}

/// It will pass. 0x0502 with 1 would say that there is no such task; a closed connection is tried again by all clients.
void file_plugin::put_off(const knock& who, const char* why) const {
  sessions().close(who.session, why);
}

bool file_plugin::too_many_of(number user) const {
  return std::count_if(ends_.begin(), ends_.end(), [&](const auto& one) {
           const auto found = live_.find(one.second.id);
           return found != live_.end() &&
                  (sends(one.second.as) ? found->second.what.from : found->second.what.to) == user;
         }) >= static_cast<std::ptrdiff_t>(max_of_user_);
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
  for (int tries = 0; on_disk(who.id) || all->up.finishing; ++tries) {  // for a connection before this one
    if (tries == 750) co_return cannot_begin(*all, who, "the disk is still at it");
    co_await parley::sleep(host_edge(), 20);
    if (handed_over(who, epoch) || !still_there()) co_return;
  }
  const task what = all->what;
  const bool keep = who.level > 0;
  parley::result<std::uint64_t> has{status::fault};
  {
    const while_listed<std::string> job(jobs_, who.id);
    has = co_await workers_.run([&] { return vault_.prepare(what, keep); });
  }
  settled(who.id, epoch);
  if (handed_over(who, epoch)) co_return;
  if (!still_there()) co_return co_await drop_if_gone(who.id);
  if (!has) {
    disk_errors_.add();
    last_trouble_ = has.text();
    complain("an upload cannot begin: " + has.text());
    co_return cannot_begin(*all, who, "disk error");
  }
  // It may have been removed meanwhile, and the file made again behind that.
  const auto now = unix_s();
  const auto row = co_await main_.write([&](parley::sql& db) {
    store::touch_open_task(db, who.id, now);
    return store::find_task(db, who.id);
  });
  const bool gone = row && (!*row || (*row)->at == stage::leaving);
  if (gone) co_await workers_.run([&] { vault_.remove_unfinished(who.id); });
  if (handed_over(who, epoch) || !still_there()) co_return;
  if (!row) co_return cannot_begin(*all, who, "database away");
  if (gone || leaving_.contains(who.id)) {
    close_quietly(*all, who);
    co_return turn_away(who, "unknown task");
  }
  all->touched = now;
  all->up.start(*has);
  all->sender.ready = true;
  welcome(who, *has);
  if (*has == what.size) {
    co_return begin_to_finish(*all);
  }
  pull_more(*all);
  serve(*all);
}

/// The file was made behind the removal of its task, which had closed the connection already.
parley::task<> file_plugin::drop_if_gone(std::string id) {
  const auto row = co_await main_.read([&](parley::sql& db) { return store::find_task(db, id); });
  if (!row || (*row && (*row)->at != stage::leaving)) co_return;
  co_await workers_.run([&] { vault_.remove_unfinished(id); });
}

void file_plugin::cannot_begin(transfer& all, const knock& who, const char* why) {
  close_quietly(all, who);
  put_off(who, why);
}

/// The end of a sender that was never welcomed.
void file_plugin::close_quietly(transfer& all, const knock& who) {
  ends_.erase(who.session);
  all.sender = {};
  drop_if_idle(who.id);
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
