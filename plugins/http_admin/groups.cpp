// POST /query/: parse, check the key, ask the plugin `group` as the administrator that http_msg_server was, answer.
#include <parley/commands.hpp>

#include <array>
#include <string>
#include <utility>

#include "IM.Group.pb.h"
#include "address_rule.hpp"
#include "app_key.hpp"
#include "http_admin.hpp"

namespace http_admin {
namespace {

namespace cid = parley::cid;
using parley::status;

void answer(const parley::http_request& request, const std::string& body) {
  using parley::bytes;
  const std::array headers{parley_http_header{bytes("Content-Type"), bytes("text/html;charset=utf-8")},
                           parley_http_header{bytes("Cache-Control"), bytes("no-cache")},
                           parley_http_header{bytes("Connection"), bytes("close")}};
  request.respond(200, headers, body);
}

/// Of a call that the owner has not answered.
query_code code_of(status failure, query_code otherwise) {
  switch (failure) {
    case status::malformed:
    case status::too_large:
      return query_code::bad_parameter;
    case status::not_allowed:
    case status::no_target:
    case status::refused:
    case status::conflict:
      return otherwise;
    default:
      return query_code::server_error;
  }
}

/// What the owner said; `otherwise` when it refused.
template <class Reply>
query_code take(const parley::result<parley::calls::reply>& said, query_code otherwise, Reply& into) {
  if (!said) return code_of(said.code(), otherwise);
  if (!into.ParseFromString(said->body)) return query_code::server_error;
  return into.result_code() == 0 ? query_code::ok : otherwise;
}

}  // namespace

parley::task<query_code> http_admin_plugin::judge(std::string_view call, const query& wanted, std::string_view peer) {
  auto verdict = wanted.fault;
  if (verdict == query_code::ok) {
    const auto key =
        co_await main_.read([&](parley::sql& db) { return store::find_key(db, digest_of(wanted.app_key)); });
    const auto named = [&](std::string_view item) { return item == call; };
    if (!key) {
      verdict = query_code::server_error;
    } else if (!*key) {
      verdict = query_code::no_such_key;
    } else if (!admits((*key)->addresses, peer)) {
      verdict = query_code::address_refused;
    } else if ((*key)->user != 0 && (*key)->user != wanted.user) {
      verdict = query_code::other_user;
    } else if (!(*key)->calls.empty() && !any_item((*key)->calls, named)) {
      verdict = query_code::not_authorized;
    }
  }
  verdict == query_code::ok ? accepted_.add() : refused_.add();
  co_return verdict;
}

parley::task<> http_admin_plugin::on_create_group(parley::http_request request) {
  if (full()) co_return answer(request, answer_text(query_code::server_error, 0));
  const visit here(at_once_);
  const std::string peer(request.peer()), body(request.body());
  auto wanted = co_await cpu_.run([&] { return parse_create_group(body); });
  if (!wanted) co_return answer(request, answer_text(query_code::server_error, 0));
  auto verdict = co_await judge("CreateGroup", *wanted, peer);
  IM::Group::IMGroupCreateRsp reply;
  if (verdict == query_code::ok) {
    IM::Group::IMGroupCreateReq made;
    made.set_user_id(0);
    made.set_group_type(static_cast<IM::BaseDefine::GroupType>(wanted->type));
    made.set_group_name(wanted->name);
    made.set_group_avatar(wanted->avatar);
    made.mutable_member_id_list()->Add(wanted->users.begin(), wanted->users.end());
    verdict = take(co_await calls().call(cid::group_create_request, made), query_code::create_failed, reply);
  }
  answer(request, answer_text(verdict, verdict == query_code::ok ? reply.group_id() : 0));
}

parley::task<> http_admin_plugin::on_change_members(parley::http_request request) {
  if (full()) co_return answer(request, answer_text(query_code::server_error));
  const visit here(at_once_);
  const std::string peer(request.peer()), body(request.body());
  auto wanted = co_await cpu_.run([&] { return parse_change_members(body); });
  if (!wanted) co_return answer(request, answer_text(query_code::server_error));
  auto verdict = co_await judge("ChangeMembers", *wanted, peer);
  if (verdict == query_code::ok) {
    IM::Group::IMGroupChangeMemberReq change;
    change.set_user_id(0);
    change.set_change_type(static_cast<IM::BaseDefine::GroupModifyType>(wanted->change));
    change.set_group_id(wanted->group);
    change.mutable_member_id_list()->Add(wanted->users.begin(), wanted->users.end());
    IM::Group::IMGroupChangeMemberRsp reply;
    verdict = take(co_await calls().call(cid::group_change_member_request, change), query_code::change_failed, reply);
  }
  answer(request, answer_text(verdict));
}

parley::status http_admin_plugin::on_unknown(parley::http_request request) {
  return request.respond(404, "application/json; charset=utf-8", answer_text(query_code::not_authorized));
}

}  // namespace http_admin
