// What nobody comes for any more.
#include "file.hpp"

namespace file {
namespace {

constexpr std::uint64_t every_ms = 60'000;
constexpr number most_at_a_time = 200;

}  // namespace

void file_plugin::tick() {
  std::int64_t online = 0, uploading = 0, downloading = 0;
  std::vector<std::string> given_up;
  std::erase_if(live_, [](const auto& one) { return one.second.idle(); });
  for (const auto& [id, all] : live_) {
    online += all.what.online() && (all.sender || all.receiver);
    uploading += !all.what.online() && all.sender;
    downloading += !all.what.online() && all.receiver;
    if (all.alone_since_ms != 0 && now_ms() - all.alone_since_ms >= grace_ms_) given_up.push_back(id);
  }
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

/// Only what has a row: TeamTalk's files stay. What goes on is not collected, whatever its age.
parley::task<> file_plugin::collect() {
  const auto now = unix_s();
  for (const auto at : {stage::complete, stage::open}) {
    const auto age = at == stage::complete ? keep_s_ : unfinished_s_;
    const number before = now > age ? now - age : 0;
    auto old = co_await main_.read([&](parley::sql& db) { return store::old_tasks(db, at, before, most_at_a_time); });
    if (!old) break;
    for (const auto& one : *old) {
      if (find(one.id)) continue;
      expired_.add();
      co_await forget(one.id);
    }
  }
  collecting_ = false;
}

}  // namespace file
