// Groupings of friends: made (0x0A12), renamed (0x0A14), deleted (0x0A16), ordered (0x0A18).
#include <parley/commands.hpp>

#include "arrangement.hpp"
#include "buddy.hpp"
#include "text.hpp"

namespace buddy {
namespace {

constexpr std::size_t name_characters = 32;
constexpr char name_wanted[] = "a grouping's name is one line of UTF-8, 1 to 32 characters";

bool is_grouping_name(const std::string& name) {
  return !name.empty() && is_name(name, name_characters);
}

parley::friends::IMGroupingsRsp answer_of(const regrouped& done) {
  parley::friends::IMGroupingsRsp reply;
  reply.set_revision(done.revision);
  if (done.grouping != 0) reply.set_grouping_id(done.grouping);
  for (const auto& one : done.groupings) *reply.add_groupings() = one;
  return reply;
}

}  // namespace

/// The common end: answers, and tells the user's other terminals.
parley::status buddy_plugin::answer_groupings(const parley::request& request, std::uint16_t command,
                                              const parley::result<regrouped>& done) const {
  if (!done) return done.code();
  if (!done->is) return request.explain(done->is.code, done->is.text);
  const auto sent = request.reply(command, answer_of(*done));
  if (done->changed) tell_list_changed(request.user(), done->revision, request.session());
  return sent;
}

parley::task<parley::status> buddy_plugin::on_grouping_create(parley::request request,
                                                              parley::friends::IMGroupingCreateReq message) {
  if (request.user() == 0) co_return request.explain(status::not_allowed, "groupings are a user's");
  if (!is_grouping_name(message.name())) co_return request.explain(status::malformed, name_wanted);
  const auto done =
      co_await main_.write([&](parley::sql& db) { return create_grouping(db, request.user(), message.name()); });
  co_return answer_groupings(request, parley::cid::friends_grouping_create_rsp, done);
}

parley::task<parley::status> buddy_plugin::on_grouping_rename(parley::request request,
                                                              parley::friends::IMGroupingRenameReq message) {
  if (!is_grouping_name(message.name())) co_return request.explain(status::malformed, name_wanted);
  const auto done = co_await main_.write(
      [&](parley::sql& db) { return rename_grouping(db, request.user(), message.grouping_id(), message.name()); });
  co_return answer_groupings(request, parley::cid::friends_grouping_rename_rsp, done);
}

parley::task<parley::status> buddy_plugin::on_grouping_delete(parley::request request,
                                                              parley::friends::IMGroupingDeleteReq message) {
  const auto now = unix_s();
  const auto done = co_await main_.write(
      [&](parley::sql& db) { return delete_grouping(db, request.user(), message.grouping_id(), now); });
  co_return answer_groupings(request, parley::cid::friends_grouping_delete_rsp, done);
}

parley::task<parley::status> buddy_plugin::on_grouping_order(parley::request request,
                                                             parley::friends::IMGroupingOrderReq message) {
  if (message.grouping_id_size() > static_cast<int>(most_groupings)) {
    co_return request.explain(status::too_large, "more groupings than one may have");
  }
  const std::vector<std::uint32_t> order(message.grouping_id().begin(), message.grouping_id().end());
  const auto done = co_await main_.write([&](parley::sql& db) { return order_groupings(db, request.user(), order); });
  co_return answer_groupings(request, parley::cid::friends_grouping_order_rsp, done);
}

}  // namespace buddy
