// What nobody comes for any more.
#include "file.hpp"

namespace file {
namespace {

constexpr std::uint64_t every_ms = 60'000;
constexpr number most_at_a_time = 200;

}  // namespace

void file_plugin::tick() {
  if (!serving_) return;
  std::int64_t online = 0, uploading = 0, downloading = 0;
  std::vector<std::string> given_up, lost;
  std::erase_if(live_, [](const auto& one) { return one.second.idle(); });
  for (auto& [id, all] : live_) {
    close_stalled(all, all.what.online() ? role::sender : role::uploader, all.sender);
    close_stalled(all, all.what.online() ? role::receiver : role::downloader, all.receiver);
    online += all.what.online() && (all.sender || all.receiver);
    uploading += !all.what.online() && all.sender;
    downloading += !all.what.online() && all.receiver;
    if (all.alone_since_ms != 0 && now_ms() - all.alone_since_ms >= grace_ms_) given_up.push_back(id);
    if (all.up.writing() && !on_disk(id)) lost.push_back(id);
  }
  for (const auto& id : lost) upload_failed(live_.at(id), "its blocks went with the generation that had them");
  online_.set(online);
  uploading_.set(uploading);
  downloading_.set(downloading);
  for (const auto& id : given_up) {
    end_transfer(id, "peer left");
    parley::in_background(host_edge(), forget(id));
  }
  if (now_ms() < collect_at_ms_ || collecting_) return;
  collect_at_ms_ = now_ms() + every_ms;
  collecting_ = true;
  parley::in_background(host_edge(), collect());
}

/// As a lost connection: what is kept stays, and who can come back may. Heartbeats alone keep no transfer.
///
/// Rationale: TeamTalk's clients connect when they hear of a file, and pull when their user has said yes.
void file_plugin::close_stalled(const transfer& all, role as, end& one) const {
  if (one.moved_ms == 0 || !all.owes(as)) {
    one.moved_ms = now_ms();
  } else if (now_ms() - one.moved_ms >= (sends(as) || one.begun ? stalled_ms_ : undecided_ms_)) {
    stalled_.add();
    one.moved_ms = now_ms();
    sessions().close(one.session, "stalled");
  }
}

/// TeamTalk's files stay. What goes on is not collected, whatever its age; nor is anything once another generation
/// serves.
parley::task<> file_plugin::collect() {
  const auto now = unix_s();
  for (const auto at : {stage::leaving, stage::complete, stage::open}) {
    const auto age = at == stage::leaving ? 600 : at == stage::complete ? keep_s_ : unfinished_s_;
    const number before = now > age ? now - age : 0;
    auto old = co_await main_.read([&](parley::sql& db) { return store::old_tasks(db, at, before, most_at_a_time); });
    if (!old) break;
    for (const auto& one : *old) {
      if (!serving_) break;
      if (find(one.id) || on_disk(one.id)) continue;
      const while_listed<std::string> leaving(leaving_, one.id);
      if (at != stage::leaving) {
        const auto marked =
            co_await main_.write([&](parley::sql& db) { return store::leave_old_task(db, one.id, at, before); });
        if (!marked || !*marked) continue;
        expired_.add();
      }
      end_everywhere(one.id);
      co_await remove(one.id);
    }
  }
  co_await sweep();
  collecting_ = false;
}

/// Unfinished files that have no row, nor anybody at them: cut short between two steps. Some folders at a time.
parley::task<> file_plugin::sweep() {
  for (int folders = 0; folders < 16 && serving_; ++folders) {
    const auto folder = swept_++;
    auto found = co_await workers_.run([&] { return vault_.unfinished_in(folder, unfinished_s_, most_at_a_time); });
    if (!found) co_return;
    for (const auto& id : *found) {
      if (!serving_ || find(id) || on_disk(id)) continue;
      const auto row = co_await main_.read([&](parley::sql& db) { return store::find_task(db, id); });
      if (!row) co_return;
      if (*row || !serving_ || find(id) || on_disk(id)) continue;
      co_await workers_.run([&] { vault_.remove_unfinished(id); });
    }
  }
}

}  // namespace file
