// What a user shows to others: signature (0x0213), avatar (0x020C). Who sees it is told by route, which hears
// user.changed.
#include <parley/commands.hpp>

#include "buddy.hpp"
#include "events.hpp"
#include "store.hpp"
#include "text.hpp"

namespace buddy {
namespace {

constexpr std::size_t signature_bytes = 128;  // as in TeamTalk: bytes, not characters
constexpr std::size_t avatar_characters = 255;

bool is_signature(const std::string& text) {
  return text.size() <= signature_bytes && parley::storable_characters(text).has_value();
}

}  // namespace

parley::task<parley::status> buddy_plugin::on_signature(parley::request request,
                                                        IM::Buddy::IMChangeSignInfoReq message) {
  const auto& text = message.sign_info();
  const auto now = unix_s();
  auto saved = store::saved::no_user;
  if (is_signature(text)) {
    const auto done = co_await main_.write(
        [&, now, user = request.user()](parley::sql& db) { return store::set_signature(db, user, text, now); });
    if (done) saved = *done;
  }
  IM::Buddy::IMChangeSignInfoRsp reply;
  reply.set_user_id(request.user());
  reply.set_result_code(saved == store::saved::no_user ? 1 : 0);
  if (saved != store::saved::no_user) reply.set_sign_info(text);
  const auto sent = request.reply(parley::cid::buddy_list_change_sign_info_response, reply);
  if (saved == store::saved::changed) publish_user_changed(signature_changed(request.user(), text, now));
  co_return sent;
}

parley::task<parley::status> buddy_plugin::on_avatar(parley::request request, IM::Buddy::IMChangeAvatarReq message) {
  const auto& url = message.avatar_url();
  const auto now = unix_s();
  auto saved = store::saved::no_user;
  if (is_text(url, avatar_characters)) {
    const auto done = co_await main_.write(
        [&, now, user = request.user()](parley::sql& db) { return store::set_avatar(db, user, url, now); });
    if (done) saved = *done;
  }
  IM::Buddy::IMChangeAvatarRsp reply;
  reply.set_user_id(request.user());
  reply.set_result_code(saved == store::saved::no_user ? 1 : 0);
  const auto sent = request.reply(parley::cid::buddy_list_change_avatar_response, reply);
  if (saved == store::saved::changed) {
    sessions().push_user(request.user(), parley::cid::buddy_list_change_avatar_response, reply,
                         {.except = request.session()});
    publish_user_changed(avatar_changed(request.user(), url, now));
  }
  co_return sent;
}

}  // namespace buddy
