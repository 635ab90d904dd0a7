// 0x0503, 0x0504, 0x0505: whose they are, and how a transfer ends.
#include <parley/commands.hpp>

#include "file.hpp"

namespace file {
namespace {

constexpr number touch_every_s = 60;

}  // namespace

transfer* file_plugin::find(const std::string& id) {
  const auto found = live_.find(id);
  return found == live_.end() ? nullptr : &found->second;
}

/// Nothing: the session is for no transfer, or 0x0502 has not gone out yet.
transfer* file_plugin::of(parley_session_id session, role& as) {
  const auto found = ends_.find(session);
  if (found == ends_.end()) return nullptr;
  as = found->second.as;
  auto* all = find(found->second.id);
  if (!all || !(sends(as) ? all->sender : all->receiver).ready) return nullptr;
  return all;
}

/// Closes the connection, as TeamTalk does; there is no error code for it.
parley::status file_plugin::violated(parley_session_id session, const char* what) {
  violations_.add();
  complain(std::string("a connection was closed: ") + what);
  sessions().close(session, "file protocol");
  return status::malformed;
}

parley::status file_plugin::on_pull(parley::request request, std::string_view body) {
  if (request.principal().flags & PARLEY_TERMINAL) return status::not_allowed;
  IM::File::IMFilePullDataReq wanted;
  if (!parley::decode(wanted, body)) return violated(request.session(), "a 0x0504 that does not parse");
  role as;
  auto* all = of(request.session(), as);
  if (!all || sends(as)) return violated(request.session(), "a 0x0504 that is not a receiver's");
  if (wanted.task_id() != all->what.id || wanted.user_id() != request.user()) {
    return violated(request.session(), "a 0x0504 with another's ids");
  }
  all->receiver.begun = true;
  all->receiver.moved_ms = now_ms();
  if (all->what.online()) return relay_pull(*all, request.seq(), wanted, body);
  const auto verdict = take_pull(*all, request.seq(), wanted);
  drop_if_idle(wanted.task_id());
  return verdict;
}

parley::status file_plugin::on_block(parley::request request, std::string_view body) {
  if (request.principal().flags & PARLEY_TERMINAL) return status::not_allowed;
  const auto block = read_block(body);
  if (!block) return violated(request.session(), "a 0x0505 that does not parse");
  role as;
  auto* all = of(request.session(), as);
  if (!all || !sends(as)) return violated(request.session(), "a 0x0505 that is not a sender's");
  if (block->task_id != all->what.id || block->user_id != request.user()) {
    return violated(request.session(), "a 0x0505 with another's ids");
  }
  all->sender.moved_ms = now_ms();
  return all->what.online() ? relay_block(*all, *block, body) : take_block(*all, *block);
}

/// A client's last word: told to the other side as it came, and the connection ends. An online transfer ends with it,
/// an upload that its sender gave up too; a file that is there stays for its recipient to come again.
parley::status file_plugin::on_state(parley::request request, std::string_view body) {
  if (request.principal().flags & PARLEY_TERMINAL) return status::not_allowed;
  IM::File::IMFileState state;
  if (!parley::decode(state, body)) return violated(request.session(), "a 0x0503 that does not parse");
  role as;
  auto* all = of(request.session(), as);
  if (!all) return violated(request.session(), "a 0x0503 without a transfer");
  if (state.task_id() != all->what.id || state.user_id() != request.user() ||
      state.state() == IM::BaseDefine::CLIENT_FILE_PEER_READY) {
    return violated(request.session(), "a 0x0503 with another's ids");
  }
  const auto& other = sends(as) ? all->receiver : all->sender;
  if (other.ready) sessions().answer(other.session, request.seq(), parley::cid::file_state, parley::bytes(body));
  const std::string id = all->what.id;
  const bool given_up = as == role::uploader && all->what.at == stage::open && !all->up.finishing;
  if (all->what.online() || given_up) {
    end_transfer(id, "file ended");
    parley::in_background(host_edge(), forget(id));
    return status::ok;
  }
  auto& mine = sends(as) ? all->sender : all->receiver;
  close(mine, "file ended");
  left(*all, as);
  drop_if_idle(id);
  return status::ok;
}

void file_plugin::send_state(parley_session_id to, const task& what, IM::BaseDefine::ClientFileState state,
                             number user) const {
  IM::File::IMFileState told;
  told.set_state(state);
  told.set_task_id(what.id);
  told.set_user_id(user);
  sessions().push(to, parley::cid::file_state, told);
}

void file_plugin::close(end& one, const char* reason) {
  if (!one) return;
  ends_.erase(one.session);
  sessions().close(one.session, reason);
  one = {};
}

void file_plugin::on_closed(const parley::events::SessionClosed& event) {
  const auto found = ends_.find(event.session_id());
  if (found == ends_.end()) return;
  const auto [id, as] = found->second;
  ends_.erase(found);
  auto* all = find(id);
  if (!all) return;
  if (event.reason() == "drained" || event.reason() == "shutdown") {
    (sends(as) ? all->sender : all->receiver) = {};
    return;
  }
  left(*all, as);
  drop_if_idle(id);
}

/// That end is gone. An offline task stays as it is; of an online one the other end is closed, unless both know how to
/// come back.
void file_plugin::left(transfer& all, role as) {
  if (all.what.at == stage::open) touch(all, true);
  auto& mine = sends(as) ? all.sender : all.receiver;
  const auto& other = sends(as) ? all.receiver : all.sender;
  const bool comes_back = mine.level > 0;
  mine = {};
  if (as == role::uploader) {
    all.up.awaited.clear();
    all.up.asked = all.up.arrived;
    return;
  }
  if (as == role::downloader) return all.down.start(0);
  auto& between = all.between;
  if (as == role::sender) {
    between.asked.erase(between.asked.begin(), between.asked.begin() + between.stale);
    between.stale = 0;
  } else {
    if (!other) between.asked.clear();
    between.stale = static_cast<std::uint32_t>(between.asked.size());
  }
  if (comes_back && !other) return;  // the task is stored, and waits for both
  if (comes_back && other.level > 0) {
    all.alone_since_ms = now_ms();
    return;
  }
  parley::in_background(host_edge(), forget(all.what.id));
  end_everywhere(all.what.id);
}

void file_plugin::drop_if_idle(const std::string& id) {
  const auto found = live_.find(id);
  if (found != live_.end() && found->second.idle()) live_.erase(found);
}

void file_plugin::end_everywhere(const std::string& id) {
  publish("file.ended", id);
}

void file_plugin::on_ended(const ended_news& news) {
  end_transfer(news.id, "file ended");
}

void file_plugin::end_transfer(const std::string& id, const char* reason) {
  auto* all = find(id);
  if (!all) return;
  close(all->sender, reason);
  close(all->receiver, reason);
  live_.erase(id);
}

/// Marks the row, removes the file, then the row: nobody begins in between, and what is cut is found again by its row.
parley::task<> file_plugin::forget(std::string id) {
  const while_listed<std::string> leaving(leaving_, id);
  const auto marked = co_await main_.write([&](parley::sql& db) { store::leave_task(db, id); });
  if (!marked) {
    complain("a task stays until it expires: " + marked.text());
    co_return;
  }
  co_await remove(id);
}

/// Of a task that is marked.
parley::task<> file_plugin::remove(std::string id) {
  const auto removed = co_await workers_.run([&] { vault_.remove(id); });
  if (!removed) {
    disk_errors_.add();
    last_trouble_ = removed.text();
    complain("a file stays: " + removed.text());
    co_return;
  }
  const auto done = co_await main_.write([&](parley::sql& db) { store::remove_task(db, id); });
  if (!done) complain("a task stays until it expires: " + done.text());
}

/// Once a minute while it moves, and when an end leaves: what goes on does not age.
void file_plugin::touch(transfer& all, bool now) {
  const auto at = unix_s();
  if (!all.what.stored || (!now && at - all.touched < touch_every_s)) return;
  all.touched = at;
  parley::in_background(host_edge(), touched(all.what.id));
}

parley::task<> file_plugin::touched(std::string id) {
  const auto now = unix_s();
  co_await main_.write([&](parley::sql& db) { store::touch_open_task(db, id, now); });
}

void file_plugin::publish(const char* event, const std::string& body) const {
  host_edge()->event->publish(host_edge()->self, event, parley::bytes(body));
}

/// At most once a second: a full disk or a stranger says it for every connection.
void file_plugin::complain(const std::string& what) {
  const auto now = now_ms();
  if (now < complain_again_ms_) {
    ++unsaid_;
    return;
  }
  complain_again_ms_ = now + 1000;
  log().warn(what + (unsaid_ ? " (" + std::to_string(unsaid_) + " more not logged)" : ""));
  unsaid_ = 0;
}

}  // namespace file
