#include "user_event.hpp"

#include "events/department.pb.h"
#include "events/session.pb.h"
#include "events/user.pb.h"

namespace login {
namespace {

std::uint32_t number_of(user_change what) {
  switch (what) {
    case user_change::created:
      return parley::events::USER_CREATED;
    case user_change::profile:
      return parley::events::USER_PROFILE;
    case user_change::status:
      return parley::events::USER_STATUS;
    case user_change::credential:
      return parley::events::USER_CREDENTIAL;
    case user_change::shield:
      return parley::events::USER_SHIELD;
  }
  return 0;
}

}  // namespace

std::string user_changed(std::uint32_t user, user_change what, std::uint32_t now) {
  parley::events::UserChanged event;
  event.set_user_id(user);
  event.set_what(number_of(what));
  event.set_updated(now);
  return event.SerializeAsString();
}

std::string texts_changed(std::uint32_t user, const std::string* signature, const std::string* avatar,
                          std::uint32_t now) {
  parley::events::UserChanged event;
  event.set_user_id(user);
  event.set_what(parley::events::USER_PROFILE);
  event.set_updated(now);
  if (signature) event.set_sign_info(*signature);
  if (avatar) event.set_avatar(*avatar);
  return event.SerializeAsString();
}

std::string department_changed(std::uint32_t department, department_change_kind what, std::uint32_t now) {
  parley::events::DepartmentChanged event;
  event.set_department_id(department);
  event.set_what(what == department_change_kind::created   ? parley::events::DEPARTMENT_CREATED
                 : what == department_change_kind::changed ? parley::events::DEPARTMENT_CHANGED
                                                           : parley::events::DEPARTMENT_REMOVED);
  event.set_updated(now);
  return event.SerializeAsString();
}

std::string terminal_status(std::uint64_t session, std::uint32_t user, std::uint32_t client_type,
                            std::uint32_t status) {
  parley::events::TerminalStatus event;
  event.set_session_id(session);
  event.set_user_id(user);
  event.set_client_type(client_type);
  event.set_status(status);
  return event.SerializeAsString();
}

bool session_opened::ParsePartialFromArray(const void* data, int size) {
  parley::events::SessionOpened event;
  if (!event.ParsePartialFromArray(data, size)) return false;
  session = event.session_id();
  user = event.user_id();
  client_type = event.client_type();
  was_there = event.was_there();
  return true;
}

}  // namespace login
