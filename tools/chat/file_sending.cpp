#include <parley/commands.hpp>

#include "chat/chat.hpp"
#include "client/file_name.hpp"

namespace parley::chat {
namespace {

using namespace IM::BaseDefine;

/// "~/x" is what a person types for a file of theirs.
std::string expanded(std::string path) {
  const char* const home = std::getenv("HOME");
  return home && path.starts_with("~/") ? home + path.substr(1) : path;
}

}  // namespace

std::string chat::path_typed(words& given) {
  return expanded(given.rest());
}

bool chat::send_file(words& given) {
  return offer_file(path_typed(given), FILE_TYPE_ONLINE);
}
bool chat::drop_file(words& given) {
  return offer_file(path_typed(given), FILE_TYPE_OFFLINE);
}

bool chat::offer_file(const std::string& path, TransferFileType how) {
  if (path.empty()) return false;
  if (!open_ || open_->group) {
    file_trouble(open_ ? "a file goes to one person; /to NAME opens a chat" : "no chat is open; /to NAME opens one");
    return true;
  }
  const auto source = client::sent_file::open(path);
  if (!source) return file_trouble("not sent: " + client::printable(source.why().text)), true;
  shared_file file;
  file.mine = true;
  file.at = shared_file::stage::asking;
  file.offline = how == FILE_TYPE_OFFLINE;
  file.peer = open_->id;
  file.called = client::safe_file_name(client::base_name(path));
  file.name = client::printable(file.called);
  file.source = *source;
  file.size = file.source->size();
  ask_for_task(files_.add(std::move(file)));
  return true;
}

/// Until the server has answered nothing is sent: after a lost connection it is asked once more.
void chat::ask_for_task(shared_file& file) {
  if (!link_.online()) return view_.notice("not connected; " + file.name + " will be offered then");
  constexpr std::uint64_t answer_ms = 15'000;
  IM::File::IMFileReq request;
  request.set_from_user_id(me_.user_id);
  request.set_to_user_id(file.peer);
  request.set_file_name(file.called);
  request.set_file_size(file.size);
  request.set_trans_mode(file.offline ? FILE_TYPE_OFFLINE : FILE_TYPE_ONLINE);
  ++asking_;
  link_.session().request(cid::file_request, request, answer_ms,
                          [this, number = file.number](const client::result<client::pdu>& answer) {
                            const bool lost = !answer && answer.why().what == client::failure::closed;
                            if (!lost) --asking_;
                            if (!lost) task_given(number, answer);
                            pump();
                          });
}

void chat::task_given(unsigned number, const client::result<client::pdu>& answer) {
  shared_file* const file = files_.find(number);
  if (!file) return;
  IM::File::IMFileRsp given;
  const bool parsed = answer && answer->read(given);
  if (!parsed || given.result_code() != 0 || given.task_id().empty()) {
    const std::string why = !answer                         ? answer.why().text
                            : !given.refused_text().empty() ? given.refused_text()
                                                            : "the server does not take it";
    file_trouble(file->name + " is not sent: " + client::printable(why));
    return files_.erase(number);
  }
  file->task_id = given.task_id();
  file->offline = given.trans_mode() == FILE_TYPE_OFFLINE;
  file->servers = file_servers(given.ip_addr_list());
  const std::string what = file->name + " (" + client::size_in_words(file->size) + ")";
  const std::string take_back = "; /cancel " + std::to_string(number) + " takes it back";
  view_.notice(file->offline ? what + " goes to the server, where " + phrases_.who(file->peer) + " finds it" + take_back
                             : what + " is offered to " + phrases_.who(file->peer) + take_back);
  start_delivery(*file, file->offline ? CLIENT_OFFLINE_UPLOAD : CLIENT_REALTIME_SENDER);
}

void chat::offer_files_again() {
  for (auto& [number, file] : files_.all()) {
    if (file.at == shared_file::stage::asking) ask_for_task(file);
  }
  for (const IM::File::IMFileAddOfflineReq& each : std::exchange(uploads_to_tell_, {})) tell_uploaded(each);
  for (const IM::File::IMFileDelOfflineReq& each : std::exchange(fetched_to_tell_, {})) tell_fetched(each);
}

void chat::sent(const shared_file& file) {
  if (!file.offline) return view_.notice(phrases_.who(file.peer) + " has " + file.name);
  IM::File::IMFileAddOfflineReq told;
  told.set_from_user_id(me_.user_id);
  told.set_to_user_id(file.peer);
  told.set_task_id(file.task_id);
  told.set_file_name(file.called);
  told.set_file_size(file.size);
  tell_uploaded(told);
  view_.notice(file.name + " waits for " + phrases_.who(file.peer));
}

/// Neither is answered; what cannot be said now is said after the next login.
void chat::tell_uploaded(const IM::File::IMFileAddOfflineReq& what) {
  if (!link_.online()) return uploads_to_tell_.push_back(what);
  link_.session().tell(cid::file_add_offline_req, what);
}

void chat::tell_fetched(const IM::File::IMFileDelOfflineReq& what) {
  if (!link_.online()) return fetched_to_tell_.push_back(what);
  link_.session().tell(cid::file_del_offline_req, what);
}

}  // namespace parley::chat
