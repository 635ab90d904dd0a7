// A reload: each end's transfer goes into its session's slot, the list of sessions is the state.
#include <algorithm>

#include "file.hpp"

namespace file {
namespace {

constexpr std::uint32_t slot_version = 1;
/// Longer than a generation that has handed over gets to finish.
constexpr std::uint64_t forgotten_after_ms = 120'000;

}  // namespace

/// What is being written goes on here, and file.written tells whoever serves; the next blocks are another writer's.
/// What is being read or committed is begun anew. file.serving reaches whoever serves then: this one, when the reload
/// is refused, or only tried. So this may be called at any time, any number of times.
std::string file_plugin::save_state() {
  ++epoch_;
  serving_ = false;
  for (auto& [id, all] : live_) {
    all.down.reading = all.up.finishing = false;
    all.up.queued.reset();
  }
  std::string sessions_of;
  std::uint32_t count = 0;
  for (const auto& [session, where] : ends_) {
    const auto* all = find(where.id);
    if (!all || !(sends(where.as) ? all->sender : all->receiver).ready) continue;
    if (sessions().set_slot(session, slot_version, saved(*all, where.as)) != status::ok) continue;
    parley::put(sessions_of, session);
    ++count;
  }
  std::map<std::string, std::uint32_t> jobs;
  for (const auto& id : jobs_) ++jobs[id];
  for (const auto& [id, there] : foreign_) {
    if (now_ms() < there.until_ms) jobs[id] = std::max(jobs[id], there.jobs);
  }
  std::string out;
  parley::put(out, count);
  out += sessions_of;
  for (const auto& [id, number_of] : jobs) {
    parley::put_text(out, id);
    parley::put(out, number_of);
  }
  publish("file.serving", {});
  return out;
}

/// Version 1 has the sessions only.
parley::status file_plugin::restore_state(std::uint32_t version, std::string_view state) {
  if (version != 1 && version != 2) return status::refused;
  parley::state_reader in(state);
  transfers live;
  decltype(ends_) ends;
  decltype(foreign_) foreign;
  auto count = version == 1 ? state.size() / sizeof(parley_session_id) : in.get<std::uint32_t>();
  for (; count > 0 && in.ok(); --count) {
    const auto session = in.get<parley_session_id>();
    const auto slot = sessions().slot(session);
    auto found = slot && slot->first == slot_version ? restored(slot->second) : std::nullopt;
    if (!found) continue;
    const std::string id = found->all.what.id;
    const auto as = found->as;
    const auto mine = sends(as) ? found->all.sender : found->all.receiver;
    auto& all = live.try_emplace(id, std::move(found->all)).first->second;
    (sends(as) ? all.sender : all.receiver) = {session, mine.level, true, mine.told, mine.begun};
    ends[session] = {id, as};
  }
  while (in.ok() && !in.rest().empty()) {
    const std::string id(in.text());
    foreign[id] = {in.get<std::uint32_t>(), now_ms() + forgotten_after_ms};
  }
  if (!in.ok()) return status::malformed;
  live_ = std::move(live);
  ends_ = std::move(ends);
  foreign_ = std::move(foreign);
  serving_ = false;
  ++epoch_;
  return status::ok;
}

bool file_plugin::on_disk(const std::string& id) const {
  const auto found = foreign_.find(id);
  return jobs_.contains(id) || (found != foreign_.end() && now_ms() < found->second.until_ms);
}

/// A job has ended that had begun in that epoch.
void file_plugin::settled(const std::string& id, std::uint64_t epoch) const {
  if (epoch != epoch_) publish("file.settled", id);
}

void file_plugin::on_settled(const settled_news& news) {
  const auto found = foreign_.find(news.id);
  if (found != foreign_.end() && --found->second.jobs == 0) foreign_.erase(found);
}

void file_plugin::on_serving(const serving&) {
  serve_from_now_on();
  for (auto at = live_.begin(); at != live_.end();) {
    auto& [id, all] = *at++;
    if (all.what.online() || all.up.finishing) continue;
    const bool all_here =
        !all.up.writing() && all.up.written == all.what.size && (all.sender.ready || all.what.size > 0);
    if (all_here && (all.sender.ready || all.what.at == stage::open)) {
      begin_to_finish(all);
      continue;
    }
    pull_more(all);
    serve(all);
  }
}

}  // namespace file
