#include "client/file_transfer.hpp"

#include <algorithm>
#include <parley/commands.hpp>
#include <utility>

#include "client/login.hpp"

namespace parley::client {
namespace {

using namespace IM::BaseDefine;

constexpr std::uint64_t entry_ms = 15'000;
constexpr std::uint64_t stop_parting_ms = 5000;
constexpr std::uint32_t largest_block = 512u << 10;
constexpr std::uint32_t window_of_level_1 = 4;

}  // namespace

file_transfer::file_transfer(event_loop& loop, file_task what, block_source* from, block_sink* to, handlers on,
                             std::uint32_t window)
    : what_(std::move(what)),
      from_(from),
      to_(to),
      window_(window),
      on_(std::make_shared<const handlers>(std::move(on))),
      line_(loop, {[this] { opened(); }, [this](const pdu& next) { received(next); },
                   [this](std::string_view reason) { lost(reason); }}),
      limit_(loop) {
  if (to_) moved_ = to_->received();
}

void file_transfer::start(const endpoint& server) {
  limit_.once(entry_ms, [this] { finish(end::lost, "no answer"); });
  line_.connect(server);
}

void file_transfer::opened() {
  at_ = phase::entering;
  IM::File::IMFileLoginReq request;
  request.set_user_id(what_.me);
  request.set_task_id(what_.task_id);
  request.set_file_role(what_.role);
  request.set_extension_level(spoken_level);
  if (to_ && to_->received() > 0) request.set_resume_offset(to_->received());
  line_.send(cid::file_login_req, ++seq_, request);
}

void file_transfer::received(const pdu& next) {
  if (at_ == phase::entering && next.head.command_id == cid::file_login_res) return entered(next);
  if (next.head.command_id == cid::host_refused) {
    const error why = read_refusal(next);
    return finish(why.retry_after_ms > 0 ? end::lost : end::unknown, why.text);
  }
  if (at_ != phase::moving && at_ != phase::parting) return;
  if (next.head.command_id == cid::file_state) return state_told(next);
  if (at_ != phase::moving) return;
  if (next.head.command_id == cid::file_pull_data_req && from_) return asked(next);
  if (next.head.command_id == cid::file_pull_data_rsp && to_) return took(next);
}

void file_transfer::entered(const pdu& next) {
  IM::File::IMFileLoginRsp answer;
  if (!next.read(answer)) return finish(end::broken, "the server's answer does not parse");
  if (answer.result_code() != 0) return finish(end::unknown, "the server does not know it (any more)");
  limit_.stop();
  granted_level_ = answer.extension_level();
  at_ = phase::moving;
  if (!tell(&handlers::entered) || !to_) return;
  // Whoever receives in real time asks for what it wants; otherwise the server says where it goes on.
  if (!realtime(what_.role)) {
    if (const auto back = to_->go_back(answer.offset()); !back) return finish(end::broken, back.why().text);
    moved_ = asked_up_to_ = to_->received();
    begin();
  }
}

/// The other side's state, or in offline transfers the server's.
void file_transfer::state_told(const pdu& next) {
  IM::File::IMFileState told;
  if (!next.read(told) || told.task_id() != what_.task_id) return;
  switch (told.state()) {
    case CLIENT_FILE_PEER_READY:
      if (what_.role == CLIENT_REALTIME_RECVER && !began_) begin();
      return;
    case CLIENT_FILE_CANCEL:
      return finish(end::cancelled, "cancelled");
    case CLIENT_FILE_REFUSE:
      return finish(end::refused, "refused");
    case CLIENT_FILE_DONE:
      if (from_) moved_ = what_.size;
      if (from_ || at_ == phase::parting) return finish(end::complete, "");
  }
}

void file_transfer::begin() {
  began_ = true;
  if (!tell(&handlers::began)) return;
  asked_up_to_ = to_->received();
  if (to_->received() == what_.size) return all_there();
  pull();
}

void file_transfer::pull() {
  const std::uint32_t window = window_ > 0 ? window_ : granted_level_ > 0 ? window_of_level_1 : 1;
  while (asked_up_to_ < what_.size && asked_up_to_ - to_->received() < window * file_block) {
    IM::File::IMFilePullDataReq request;
    request.set_task_id(what_.task_id);
    request.set_user_id(what_.me);
    request.set_trans_mode(realtime(what_.role) ? FILE_TYPE_ONLINE : FILE_TYPE_OFFLINE);
    request.set_offset(asked_up_to_);
    request.set_data_size(std::min(file_block, what_.size - asked_up_to_));
    line_.send(cid::file_pull_data_req, ++seq_, request);
    asked_up_to_ += request.data_size();
  }
}

void file_transfer::asked(const pdu& next) {
  IM::File::IMFilePullDataReq request;
  const bool parsed = next.read(request);
  if (!parsed || request.task_id() != what_.task_id || request.offset() > what_.size ||
      request.data_size() > largest_block) {
    return finish(end::broken, "a block was asked for that there cannot be");
  }
  const std::uint32_t size = std::min(request.data_size(), what_.size - request.offset());
  if (const auto read = from_->read(request.offset(), size, block_); !read) {
    tell_state(CLIENT_FILE_CANCEL);
    return finish(end::broken, read.why().text);
  }
  IM::File::IMFilePullDataRsp answer;
  answer.set_result_code(0);
  answer.set_task_id(what_.task_id);
  answer.set_user_id(what_.me);
  answer.set_offset(request.offset());
  answer.mutable_file_data()->swap(block_);
  line_.send(cid::file_pull_data_rsp, next.head.seq_num, answer);
  answer.mutable_file_data()->swap(block_);
  moved_ = request.offset() + size;
  if (!std::exchange(began_, true) && !tell(&handlers::began)) return;
  tell(&handlers::moved);
}

void file_transfer::took(const pdu& next) {
  IM::File::IMFilePullDataRsp answer;
  const std::uint32_t here = to_->received();
  const bool parsed = next.read(answer);
  if (parsed && answer.result_code() != 0) return finish(end::broken, "the other side cannot read the file");
  const std::size_t size = answer.file_data().size();
  const std::uint32_t most = std::min(file_block, what_.size - here);
  // A sender may give less than was asked for, unless more is on its way behind it.
  const bool fits = size == most || (size > 0 && size < most && asked_up_to_ == here + most);
  if (!parsed || answer.task_id() != what_.task_id || answer.offset() != here || here == asked_up_to_ || !fits) {
    return finish(end::broken, "a block came that was not asked for");
  }
  if (size < most) asked_up_to_ = here + static_cast<std::uint32_t>(size);
  if (const auto kept = to_->append(answer.file_data()); !kept) {
    if (realtime(what_.role)) tell_state(CLIENT_FILE_CANCEL);
    return finish(end::broken, kept.why().text);
  }
  moved_ = to_->received();
  if (!tell(&handlers::moved)) return;
  moved_ == what_.size ? all_there() : pull();
}

/// Told after it is safe. The server closes the connection: closing first might take the last words along.
void file_transfer::all_there() {
  if (const auto kept = to_->complete(); !kept) {
    if (realtime(what_.role)) tell_state(CLIENT_FILE_CANCEL);
    return finish(end::broken, kept.why().text);
  }
  at_ = phase::parting;
  if (realtime(what_.role)) tell_state(CLIENT_FILE_DONE);
  limit_.once(stop_parting_ms, [this] { finish(end::complete, ""); });
}

void file_transfer::tell_state(file_state state) {
  IM::File::IMFileState told;
  told.set_state(state);
  told.set_task_id(what_.task_id);
  told.set_user_id(what_.me);
  line_.send(cid::file_state, ++seq_, told);
}

void file_transfer::stop(file_state how) {
  tell_state(how);
  at_ = phase::over;
  limit_.stop();
  line_.close();
}

void file_transfer::lost(std::string_view reason) {
  if (at_ == phase::parting) return finish(end::complete, "");
  finish(end::lost, std::string(reason));
}

bool file_transfer::tell(std::function<void()> handlers::*what) {
  const std::weak_ptr<char> alive = alive_;
  const auto on = on_;
  if ((*on).*what) ((*on).*what)();
  return !alive.expired() && at_ != phase::over;
}

void file_transfer::finish(end how, std::string text) {
  if (at_ == phase::over) return;
  at_ = phase::over;
  limit_.stop();
  line_.close();
  const auto on = on_;
  if (on->ended) on->ended(how, text);
}

}  // namespace parley::client
