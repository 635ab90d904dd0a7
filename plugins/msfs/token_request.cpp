#include <parley/commands.hpp>

#include "msfs.hpp"

namespace msfs {

parley::task<parley::status> msfs_plugin::on_token(parley::request request, parley::files::UploadTokenReq) {
  if (request.level() < 1 || request.user() == 0) co_return parley::status::not_allowed;
  const auto user = request.user();
  const auto now = unix_s();
  const auto used = co_await main_.read([=](parley::sql& db) { return store::usage_of_user(db, user, now); });
  parley::files::UploadTokenRsp reply;
  reply.set_result_code(parley::refused_code(used.code()));
  if (used) {
    reply.set_token(mint_.make(user, now + token_lifetime_s_));
    reply.set_expires_in(token_lifetime_s_);
    reply.set_max_bytes(max_file_);
    const auto left = store::left_to(*used, quotas_);
    if (left != UINT64_MAX) reply.set_remaining(left);
    if (!public_url_.empty()) reply.set_url(public_url_ + "/");
  }
  co_return request.reply(parley::cid::files_upload_token_response, reply);
}

}  // namespace msfs
