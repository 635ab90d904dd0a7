#include <sys/stat.h>
#include <charconv>
#include <parley/commands.hpp>

#include "chat/chat.hpp"
#include "client/file_name.hpp"

namespace parley::chat {
namespace {

using namespace IM::BaseDefine;

bool is_directory(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

}  // namespace

/// Where something called `name` goes when a person says `typed`.
std::string chat::path_for(const std::string& typed, const std::string& name) const {
  if (typed.empty()) return files_directory_ + "/" + name;
  if (typed.ends_with('/') || is_directory(typed)) return typed + (typed.ends_with('/') ? "" : "/") + name;
  return typed;
}

/// A number, which leaves; 0 when there is none.
unsigned chat::take_number(words& given) {
  const std::string typed = given.take();
  unsigned number = 0;
  const auto [end, failed] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  return failed == std::errc() && end == typed.data() + typed.size() ? number : 0;
}

/// 0x0508: somebody sends a file, or what was told before is on the server now.
void chat::file_offered(const IM::File::IMFileNotify& notice) {
  if (notice.to_user_id() != me_.user_id || !client::is_task_id(notice.task_id())) return;
  if (files_.settled(notice.task_id())) return;
  shared_file file;
  file.offline = notice.trans_mode() == FILE_TYPE_OFFLINE;
  file.peer = notice.from_user_id();
  file.called = notice.file_name();
  file.size = notice.file_size();
  file.task_id = notice.task_id();
  file.servers = file_servers(notice.ip_addr_list());
  if (shared_file* const known = files_.find_task(file.task_id)) return void(known->offline = file.offline);
  const unsigned number = file_waits(std::move(file));
  with_profiles({notice.from_user_id()}, [this, number] {
    shared_file* const there = files_.find(number);
    if (there && !std::exchange(there->told, true)) tell_file_offer(*there);
  });
}

unsigned chat::file_waits(shared_file file) {
  file.name = client::shortened(client::printable(client::safe_file_name(file.called)), 100);
  return files_.add(std::move(file)).number;
}

void chat::tell_file_offer(const shared_file& file) {
  const std::string number = std::to_string(file.number);
  view_.notice(phrases_.who(file.peer) + (file.offline ? " left you " : " sends you ") + file.name + " (" +
               client::size_in_words(file.size) + "); /fetch " + number + " or /refuse " + number);
}

void chat::ask_waiting_files(std::function<void()> then) {
  IM::File::IMFileHasOfflineReq request;
  request.set_user_id(me_.user_id);
  ask<IM::File::IMFileHasOfflineRsp>(cid::file_has_offline_req, request, "files",
                                     [this, then = std::move(then)](const auto& answer) {
                                       std::vector<std::uint32_t> ids;
                                       for (const auto& each : answer.offline_file_list()) {
                                         if (!client::is_task_id(each.task_id()) || files_.find_task(each.task_id()))
                                           continue;
                                         shared_file file;
                                         file.offline = true;
                                         file.peer = each.from_user_id();
                                         file.called = each.file_name();
                                         file.size = each.file_size();
                                         file.task_id = each.task_id();
                                         file.servers = file_servers(answer.ip_addr_list());
                                         file_waits(std::move(file));
                                         ids.push_back(each.from_user_id());
                                       }
                                       with_profiles(ids, then);
                                     });
}

bool chat::show_files(words& given) {
  if (!given.empty()) return false;
  ask_waiting_files([this] {
    if (files_.all().empty()) return view_.notice("no files wait, and none is under way");
    for (auto& [number, file] : files_.all()) {
      file.told = true;
      const bool moves = file.delivery && file.delivery->has_begun();
      view_.plain(std::to_string(number) + "  " + (file.mine ? "to " : "from ") + phrases_.who(file.peer) + "  " +
                  view_.bold(file.name) + "  " + client::size_in_words(file.size) +
                  (moves       ? ", " + std::to_string(file.percent()) + " %"
                   : file.mine ? ", offered"
                               : ""));
    }
  });
  return true;
}

bool chat::fetch_file(words& given) {
  const unsigned number = take_number(given);
  if (number == 0) return false;
  const std::string typed = path_typed(given);
  if (files_.find(number)) return fetch(number, typed), true;
  ask_waiting_files([this, number, typed] { fetch(number, typed); });
  return true;
}

void chat::fetch(unsigned number, const std::string& typed) {
  shared_file* const file = files_.find(number);
  if (!file || file->mine) return file_trouble("no file " + std::to_string(number) + " waits; see /files");
  if (file->at != shared_file::stage::waiting) return view_.notice(file->name + " is on its way already");
  const std::string path = path_for(typed, client::safe_file_name(file->called));
  const auto sink = client::received_file::open(path, file->task_id, file->size);
  if (!sink) return file_trouble(file->name + " is not fetched: " + client::printable(sink.why().text));
  file->sink = *sink;
  view_.notice(file->sink->received() == 0 ? "fetching " + file->name
                                           : "fetching " + file->name + ", of which " +
                                                 client::size_in_words(file->sink->received()) + " are here already");
  start_delivery(*file, file->offline ? CLIENT_OFFLINE_DOWNLOAD : CLIENT_REALTIME_RECVER);
}

void chat::fetched(const shared_file& file) {
  const std::string& path = file.sink->path();
  view_.notice(file.name + " from " + phrases_.who(file.peer) + " is in " + client::printable(path) +
               (path == file.sink->wanted() ? "" : "; there is another " + client::printable(file.sink->wanted())));
  forget_on_server(file);
}

/// 0x050C; of an online file there is nothing to be forgotten.
void chat::forget_on_server(const shared_file& file) {
  files_.settle(file.task_id);
  if (!file.offline) return;
  IM::File::IMFileDelOfflineReq told;
  told.set_from_user_id(file.peer);
  told.set_to_user_id(me_.user_id);
  told.set_task_id(file.task_id);
  tell_fetched(told);
}

bool chat::refuse_file(words& given) {
  const unsigned number = take_number(given);
  if (number == 0 || !given.empty()) return false;
  const auto refuse = [this, number] {
    shared_file* const file = files_.find(number);
    if (!file || file->mine) return view_.trouble("no file " + std::to_string(number) + " waits; see /files");
    if (file->at == shared_file::stage::moving) return stop_delivery(*file, CLIENT_FILE_CANCEL);
    view_.notice("you refused " + file->name + " from " + phrases_.who(file->peer));
    forget_on_server(*file);
    if (file->offline) return files_.erase(number);
    start_delivery(*file, CLIENT_REALTIME_RECVER, CLIENT_FILE_REFUSE);
  };
  files_.find(number) ? refuse() : ask_waiting_files(refuse);
  return true;
}

bool chat::cancel_file(words& given) {
  const unsigned number = take_number(given);
  if (number == 0 || !given.empty()) return false;
  shared_file* const file = files_.find(number);
  if (!file || file->at == shared_file::stage::waiting) {
    view_.trouble("no file " + std::to_string(number) + " is under way; see /files");
  } else {
    stop_delivery(*file, CLIENT_FILE_CANCEL);
  }
  return true;
}

}  // namespace parley::chat
