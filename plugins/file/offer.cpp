// 0x0506: a user wants to send a file.
#include <parley/commands.hpp>

#include "file.hpp"
#include "task_id.hpp"
#include "text.hpp"

namespace file {
namespace {

using parley::status;

struct refusal {
  status code = status::ok;
  std::string text;
};

refusal explained(store::offer verdict) {
  switch (verdict) {
    case store::offer::made:
      return {};
    case store::offer::nobody:
      return {status::no_target, "no such user"};
    case store::offer::blocked:
      return {status::not_allowed, "this user takes nothing from you"};
    case store::offer::too_many:
      return {status::busy, "too many of your transfers have not ended"};
    case store::offer::too_much:
      return {status::too_large, "too much of yours waits to be fetched already"};
  }
  return {status::fault, {}};
}

}  // namespace

/// What is kept is counted once a minute. Trouble says nothing here: what comes next tells of it.
parley::task<bool> file_plugin::has_room(number size) {
  if (kept_at_ms_ == 0 || now_ms() - kept_at_ms_ >= 60'000) {
    const auto kept = co_await main_.read([](parley::sql& db) { return store::total(db); });
    if (kept) {
      kept_bytes_ = kept->open_bytes + kept->waiting_bytes;
      kept_at_ms_ = now_ms();
    }
  }
  if (kept_bytes_ + size > max_total_) co_return false;
  const auto room = co_await workers_.run([&] { return vault_.has_room(size); });
  co_return !room || *room;
}

parley::task<parley::status> file_plugin::on_offer(parley::request request, IM::File::IMFileReq message) {
  if (!(request.principal().flags & PARLEY_TERMINAL) && !request.is_call()) {
    co_return request.explain(status::not_allowed, "this connection is for one transfer");
  }
  const std::string peer(request.peer());
  task what;
  what.id = new_task_id();
  what.from = request.user();
  what.to = message.to_user_id();
  what.name = message.file_name();
  what.size = message.file_size();
  what.created = unix_s();
  const bool online = message.trans_mode() == IM::BaseDefine::FILE_TYPE_ONLINE && on_pc(what.to);
  what.mode = online ? transfer_mode::online : transfer_mode::offline;

  refusal no;
  if (what.from == 0 || what.to == 0) {
    no = {status::no_target, "no such user"};
  } else if (what.from == what.to) {
    no = {status::not_allowed, "a file to oneself"};
  } else if (!is_file_name(what.name)) {
    no = {status::malformed, "a file's name has 1 to 255 characters of UTF-8"};
  } else if (what.size > max_file_) {
    no = {status::too_large, "files have at most " + std::to_string(max_file_) + " bytes"};
  } else if (!online && !co_await has_room(what.size)) {
    no = {status::busy, "there is no room for more files"};
  } else {
    const auto verdict = co_await main_.write([&](parley::sql& db) { return store::make_task(db, what, quota_); });
    if (!online && verdict && *verdict == store::offer::made) kept_bytes_ += what.size;
    no = verdict ? explained(*verdict) : refusal{verdict.code(), "the database is away"};
  }

  IM::File::IMFileRsp reply;
  reply.set_from_user_id(request.user());
  reply.set_to_user_id(what.to);
  reply.set_file_name(message.file_name());
  if (no.code != status::ok) {
    refused_offers_.add();
    reply.set_result_code(1);
    reply.set_task_id("");
    reply.set_trans_mode(message.trans_mode());
    if (request.level() >= 1) {
      reply.set_refused_code(parley::refused_code(no.code));
      reply.set_refused_text(no.text);
    }
    co_return request.reply(parley::cid::file_response, reply);
  }
  offers_.add();
  reply.set_result_code(0);
  reply.set_task_id(what.id);
  reply.set_trans_mode(static_cast<IM::BaseDefine::TransferFileType>(what.mode));
  add_addresses(reply, peer);
  request.reply(parley::cid::file_response, reply);
  notify(what, false);
  co_return status::ok;
}

}  // namespace file
