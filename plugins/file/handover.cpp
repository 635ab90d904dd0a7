// A reload: each end's transfer goes into its session's slot, the list of sessions is the state.
#include "file.hpp"

namespace file {
namespace {

constexpr std::uint32_t slot_version = 1;

}  // namespace

/// What is being written goes on here, and file.written tells the next generation; what is being read or committed,
/// that one begins anew. file.serving reaches whoever serves then: this one, when the reload is refused, or only tried.
std::string file_plugin::save_state() {
  ++epoch_;
  for (auto& [id, all] : live_) {
    auto& up = all.up;
    all.down.reading = up.finishing = false;  // begun anew by whoever serves
    if (!up.writing) continue;
    const auto before = std::exchange(up.foreign, up.arrived);
    // An earlier generation writes still, and here nobody does yet.
    if (before != 0 && !up.queued.empty()) parley::in_background(host_edge(), write(id, before, epoch_ - 1));
  }
  std::string out;
  for (const auto& [session, where] : ends_) {
    const auto* all = find(where.id);
    if (!all || !(sends(where.as) ? all->sender : all->receiver).ready) continue;
    if (sessions().set_slot(session, slot_version, saved(*all, where.as)) == status::ok) parley::put(out, session);
  }
  publish("file.serving", {});
  return out;
}

parley::status file_plugin::restore_state(std::uint32_t version, std::string_view state) {
  if (version != 1) return status::refused;
  parley::state_reader in(state);
  transfers live;
  decltype(ends_) ends;
  while (in.ok() && !in.rest().empty()) {
    const auto session = in.get<parley_session_id>();
    const auto slot = sessions().slot(session);
    auto found = slot && slot->first == slot_version ? restored(slot->second) : std::nullopt;
    if (!found) continue;
    const std::string id = found->all.what.id;
    const auto as = found->as;
    const auto mine = sends(as) ? found->all.sender : found->all.receiver;
    auto& all = live.try_emplace(id, std::move(found->all)).first->second;
    (sends(as) ? all.sender : all.receiver) = {session, mine.level, true, mine.told};
    ends[session] = {id, as};
  }
  if (!in.ok()) return status::malformed;
  live_ = std::move(live);
  ends_ = std::move(ends);
  ++epoch_;
  return status::ok;
}

void file_plugin::on_serving(const serving&) {
  for (auto at = live_.begin(); at != live_.end();) {
    auto& [id, all] = *at++;
    if (all.what.online() || all.up.finishing) continue;
    const bool all_here = !all.up.writing && all.up.written == all.what.size && (all.sender.ready || all.what.size > 0);
    if (all_here && (all.sender.ready || all.what.at == stage::open)) {
      all.up.finishing = true;
      parley::in_background(host_edge(), finish(id, epoch_));
      continue;
    }
    pull_more(all);
    serve(all);
  }
}

}  // namespace file
