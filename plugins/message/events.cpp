#include "events.hpp"

#include "events/message.pb.h"
#include "events/user.pb.h"

namespace message {

std::string message_committed(const outgoing& item, std::uint32_t client_type) {
  constexpr std::size_t large = 8 << 10;
  parley::events::MessageCommitted event;
  event.set_kind(raw(item.key.kind));
  event.set_a(item.key.a);
  event.set_b(item.key.b);
  if (item.key.kind == conversation_kind::group) event.set_group_id(item.key.b);
  event.set_relate_id(item.relate_id);
  event.set_msg_id(item.msg_id);
  event.set_author_id(item.author);
  event.set_msg_type(item.type);
  event.set_created(item.created);
  if (item.content.size() <= large) event.set_msg_data(item.content.data(), item.content.size());
  if (!item.client_msg_id.empty()) event.set_client_msg_id(item.client_msg_id.data(), item.client_msg_id.size());
  event.set_client_type(client_type);
  return event.SerializeAsString();
}

std::string user_made(std::uint32_t user, std::uint32_t now) {
  parley::events::UserChanged event;
  event.set_user_id(user);
  event.set_what(parley::events::USER_CREATED);
  event.set_updated(now);
  return event.SerializeAsString();
}

bool user_change::ParsePartialFromArray(const void* data, int size) {
  parley::events::UserChanged event;
  if (!event.ParsePartialFromArray(data, size)) return false;
  const int what = static_cast<int>(event.what());
  blocks_ = what == parley::events::USER_BLOCKS;
  user_ = event.user_id();
  peer_ = event.peer_id();
  concerns_recipients_ = what == parley::events::USER_STATUS || !parley::events::UserChange_IsValid(what);
  return true;
}

}  // namespace message
