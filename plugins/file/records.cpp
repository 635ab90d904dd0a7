// 0x0509 to 0x050C: what waits for a user.
#include <parley/commands.hpp>

#include "file.hpp"
#include "task_id.hpp"
#include "text.hpp"

namespace file {
namespace {

/// Android drops a PDU of more than 400 KiB (proto/README.md 1).
constexpr std::size_t most_reply_bytes = 380 << 10;

bool is_terminal(const parley::request& request) {
  return request.is_call() || (request.principal().flags & PARLEY_TERMINAL);
}

}  // namespace

parley::task<parley::status> file_plugin::on_list(parley::request request, IM::File::IMFileHasOfflineReq) {
  if (!is_terminal(request)) co_return request.explain(status::not_allowed, "this connection is for one transfer");
  const std::string peer(request.peer());
  const auto user = request.user();
  const auto unwanted = unwanted_;
  const auto found = co_await main_.read([&](parley::sql& db) { return store::records_to(db, user, listed_); });
  if (!found) co_return found.code();
  IM::File::IMFileHasOfflineRsp reply;
  reply.set_user_id(user);
  std::size_t used = 0;
  for (const auto& one : *found) {
    if (unwanted.contains({user, one.id})) continue;
    used += one.name.size() + one.id.size() + 32;
    if (used > most_reply_bytes) break;
    auto& info = *reply.add_offline_file_list();
    info.set_from_user_id(one.from);
    info.set_task_id(one.id);
    info.set_file_name(one.name);
    info.set_file_size(one.size);
  }
  add_addresses(reply, peer);
  co_return request.reply(parley::cid::file_has_offline_res, reply);
}

/// Not answered. The record of an upload that ended here stands since then: nothing is left to do. A file of TeamTalk's
/// gets its record, from its own header.
parley::task<parley::status> file_plugin::on_add(parley::request request, IM::File::IMFileAddOfflineReq message) {
  if (!is_terminal(request)) co_return request.explain(status::not_allowed, "this connection is for one transfer");
  const auto user = request.user();
  const std::string id = message.task_id();
  if (!is_task_id(id)) co_return request.explain(status::malformed, "no task id");
  if (!is_file_name(message.file_name())) co_return request.explain(status::malformed, "no file name");
  const auto known = co_await main_.read([&](parley::sql& db) { return store::find_task(db, id); });
  if (!known) co_return known.code();
  if (*known) {
    if ((*known)->from == user && (*known)->at == stage::complete) co_return status::ok;
    co_return request.explain(status::no_target, "no such file");
  }
  auto loaded = co_await workers_.run([&] { return vault_.load(id); });
  if (!loaded) co_return loaded.code();
  if (!*loaded || (*loaded)->from != user) co_return request.explain(status::no_target, "no such file");
  auto& old = **loaded;
  old.name = message.file_name();
  const auto fresh = co_await main_.write([&](parley::sql& db) { return store::add_record(db, old, unix_s()); });
  if (!fresh) co_return fresh.code();
  if (*fresh) notify(old, true);
  co_return status::ok;
}

/// Not answered. The recipient has it, or does not want it; the sender takes it back.
parley::task<parley::status> file_plugin::on_delete(parley::request request, IM::File::IMFileDelOfflineReq message) {
  if (!is_terminal(request)) co_return request.explain(status::not_allowed, "this connection is for one transfer");
  const auto user = request.user();
  const std::string id = message.task_id();
  const auto from = message.from_user_id(), to = message.to_user_id();
  if (!is_task_id(id)) co_return request.explain(status::malformed, "no task id");
  const while_listed<std::pair<number, std::string>> unwanted(unwanted_, {user, id});
  const auto known = co_await main_.read([&](parley::sql& db) { return store::find_task(db, id); });
  if (!known) co_return known.code();
  if (!*known) {
    if (user != from && user != to) co_return request.explain(status::no_target, "no such file");
    const auto done = co_await main_.write([&](parley::sql& db) { store::remove_record(db, id, from, to); });
    co_return done.code();
  }
  if ((*known)->from != user && (*known)->to != user) co_return request.explain(status::no_target, "no such file");
  end_everywhere(id);
  co_await forget(id);
  co_return status::ok;
}

}  // namespace file
