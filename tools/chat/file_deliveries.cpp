#include <algorithm>

#include "chat/chat.hpp"
#include "client/file_name.hpp"

namespace parley::chat {
namespace {

using namespace IM::BaseDefine;
using end = client::file_delivery::end;

constexpr std::uint64_t progress_ms = 5000;
/// Whoever leaves waits so long for an answer to what was offered.
constexpr std::uint64_t offer_patience_ms = 60'000;

}  // namespace

/// Where the server says files go; then the server itself, which it may be reached at when that is not so.
std::vector<client::endpoint> chat::file_servers(
    const google::protobuf::RepeatedPtrField<IM::BaseDefine::IpAddr>& told) const {
  std::vector<client::endpoint> all;
  for (const auto& each : told) {
    if (each.ip().empty() || each.ip() == "0.0.0.0" || each.port() == 0 || each.port() > 65535) continue;
    all.push_back({each.ip(), static_cast<std::uint16_t>(each.port())});
  }
  if (std::ranges::find(all, link_.where()) == all.end()) all.push_back(link_.where());
  return all;
}

/// With `stop` it is only carried as far as that.
void chat::start_delivery(shared_file& file, client::file_role role, std::optional<client::file_state> stop) {
  file.at = shared_file::stage::moving;
  file.told_at = file.sink ? file.sink->received() : 0;
  const unsigned number = file.number;
  file.delivery = std::make_unique<client::file_delivery>(
      loop_, client::file_task{file.task_id, me_.user_id, file.peer, role, file.size}, file.servers, file.source,
      file.sink,
      client::file_delivery::handlers{
          {},
          [this] { refresh_prompt(); },
          [this, number](const std::string& reason) {
            const shared_file* const one = files_.find(number);
            view_.notice(one->name + " is interrupted (" + client::printable(reason) + "); it goes on by itself");
          },
          [this, number](end how, const std::string& text) { delivery_ended(number, how, text); }});
  progress_.every(progress_ms, [this] { tell_progress(); });
  stop ? file.delivery->stop(*stop) : file.delivery->start();
  refresh_prompt();
}

void chat::stop_delivery(shared_file& file, client::file_state how) {
  const std::string what = file.name + (file.mine ? " to " : " from ") + phrases_.who(file.peer);
  view_.notice("cancelled: " + what);
  if (file.mine && !terminal_.interactive()) result_ = exit_unacknowledged;
  if (!file.delivery) return files_.erase(file.number);
  // What the server keeps can be fetched another time.
  if (!file.mine && file.offline) return delivery_ended(file.number, end::stopped, "");
  file.delivery->stop(how);
}

void chat::delivery_ended(unsigned number, client::file_delivery::end how, const std::string& text) {
  // Its delivery calls: it leaves last.
  const shared_file file = std::move(*files_.find(number));
  files_.erase(number);
  const std::string peer = phrases_.who(file.peer);
  const bool here_it_ended = how == end::broken || how == end::stopped;
  const bool again = !file.mine && (how == end::given_up || (file.offline && here_it_ended));
  if (how == end::complete) {
    file.mine ? sent(file) : fetched(file);
  } else if (how == end::refused) {
    file_trouble(peer + " refused " + file.name);
  } else if (how == end::cancelled) {
    file_trouble(peer + " cancelled " + file.name);
  } else if (how != end::stopped) {
    file_trouble(file.name + (file.mine ? " did not arrive: " : " is not here: ") + client::printable(text));
  }
  if (again) {
    shared_file rest;
    rest.number = number;
    rest.offline = file.offline;
    rest.peer = file.peer;
    rest.called = file.called;
    rest.name = file.name;
    rest.size = file.size;
    rest.task_id = file.task_id;
    rest.servers = file.servers;
    files_.all()[number] = std::move(rest);
    view_.notice("/fetch " + std::to_string(number) + " goes on with it");
  } else if (file.sink && how != end::complete && how != end::unknown) {
    file.sink->discard();
  }
  if (files_.under_way() == 0) progress_.stop();
  refresh_prompt();
  pump();
}

void chat::file_trouble(const std::string& what) {
  view_.trouble(what);
  if (!terminal_.interactive()) result_ = exit_unacknowledged;
}

void chat::tell_progress() {
  const std::uint64_t now = client::event_loop::now_ms();
  std::vector<unsigned> stale;
  for (auto& [number, file] : files_.all()) {
    if (!file.delivery) continue;
    const std::uint32_t moved = file.delivery->moved();
    if (!terminal_.interactive() && moved > file.told_at) {
      const std::uint64_t rate = (moved - file.told_at) * std::uint64_t{1000} / progress_ms;
      view_.notice(file.name + ": " + std::to_string(file.percent()) + " % of " + client::size_in_words(file.size) +
                   ", " + client::size_in_words(rate) + "/s");
    }
    file.told_at = moved;
    if (!leaving_ || file.delivery->has_begun()) continue;
    if (terminal_.interactive() || now - leaving_since_ms_ > offer_patience_ms) stale.push_back(number);
  }
  for (const unsigned number : stale) {
    shared_file* const file = files_.find(number);
    file_trouble(phrases_.who(file->peer) + " did not answer about " + file->name);
    stop_delivery(*file, CLIENT_FILE_CANCEL);
  }
}

/// " (report.pdf 43 %)" for the prompt.
std::string chat::progress_line() {
  std::string line;
  for (const auto& [number, file] : files_.all()) {
    if (!file.delivery || !file.delivery->has_begun()) continue;
    line += " (" + client::shortened(file.name, 20) + " " + std::to_string(file.percent()) + " %)";
  }
  return line;
}

}  // namespace parley::chat
