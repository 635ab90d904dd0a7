// The directory: who there is, and in which department.
#pragma once

#include <parley/plugin.hpp>
#include <parley/sql.hpp>

#include "IM.Buddy.pb.h"

namespace buddy {

class directory final : public parley::plugin {
 public:
  explicit directory(const parley::context& ctx) : plugin(ctx), main_(host_edge(), "main") {}

  parley::task<parley::status> on_users_info(parley::request request, IM::Buddy::IMUsersInfoReq message);
  parley::task<parley::status> on_all_users(parley::request request, IM::Buddy::IMAllUserReq message);
  parley::task<parley::status> on_departments(parley::request request, IM::Buddy::IMDepartmentReq message);

 private:
  parley::sql_pool main_;
};

}  // namespace buddy
