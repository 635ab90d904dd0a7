#include "events.hpp"

#include "events/department.pb.h"
#include "events/user.pb.h"

namespace buddy {
namespace {

parley::events::UserChanged about(std::uint32_t user, parley::events::UserChange what, std::uint32_t now) {
  parley::events::UserChanged event;
  event.set_user_id(user);
  event.set_what(what);
  event.set_updated(now);
  return event;
}

}  // namespace

bool user_change::ParsePartialFromArray(const void* data, int size) {
  parley::events::UserChanged event;
  if (!event.ParsePartialFromArray(data, size)) return false;
  user_ = event.user_id();
  switch (event.what()) {
    case parley::events::USER_CREATED:
    case parley::events::USER_STATUS:
      of_directory_ = true;
      break;
    case parley::events::USER_PROFILE:
      of_directory_ = !event.has_sign_info() && !event.has_avatar();
      break;
    default:
      of_directory_ = false;
  }
  return true;
}

bool department_change::ParsePartialFromArray(const void* data, int size) {
  parley::events::DepartmentChanged event;
  if (!event.ParsePartialFromArray(data, size)) return false;
  department_ = event.department_id();
  return true;
}

std::string signature_changed(std::uint32_t user, std::string_view sign_info, std::uint32_t now) {
  auto event = about(user, parley::events::USER_PROFILE, now);
  event.set_sign_info(sign_info.data(), sign_info.size());
  return event.SerializeAsString();
}

std::string avatar_changed(std::uint32_t user, std::string_view avatar, std::uint32_t now) {
  auto event = about(user, parley::events::USER_PROFILE, now);
  event.set_avatar(avatar.data(), avatar.size());
  return event.SerializeAsString();
}

std::string friends_changed(std::uint32_t user, std::uint32_t peer, std::uint32_t now) {
  auto event = about(user, parley::events::USER_FRIENDS, now);
  event.set_peer_id(peer);
  return event.SerializeAsString();
}

std::string blocks_changed(std::uint32_t user, std::uint32_t peer, std::uint32_t now) {
  auto event = about(user, parley::events::USER_BLOCKS, now);
  event.set_peer_id(peer);
  return event.SerializeAsString();
}

}  // namespace buddy
