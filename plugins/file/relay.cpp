// Roles 1 and 2. The receiver pulls, the sender answers, the server hands both on as they are.
#include <parley/commands.hpp>

#include <numeric>
#include <utility>

#include "file.hpp"

namespace file {
namespace {

constexpr std::size_t most_asked = 16;
constexpr number largest_pull = 380 << 10;     // what every client can be sent (proto/README.md 1)
constexpr std::uint64_t most_bytes = 1 << 20;  // asked for and not handed on

std::string body_of(const task& what, const pull& one) {
  IM::File::IMFilePullDataReq wanted;
  wanted.set_task_id(what.id);
  wanted.set_user_id(what.to);
  wanted.set_trans_mode(IM::BaseDefine::FILE_TYPE_ONLINE);
  wanted.set_offset(one.offset);
  wanted.set_data_size(one.size);
  return wanted.SerializeAsString();
}

}  // namespace

/// Both are there: the receiver hears that it can begin, once, and the sender what was asked for while it was away.
void file_plugin::meet(transfer& all) {
  if (!all.sender.ready || !all.receiver.ready) return;
  all.alone_since_ms = 0;
  if (!std::exchange(all.receiver.told, true)) {
    send_state(all.receiver.session, all.what, IM::BaseDefine::CLIENT_FILE_PEER_READY, all.what.from);
  }
  for (auto i = all.between.stale; i < all.between.asked.size(); ++i) {
    const auto& one = all.between.asked[i];
    const auto body = body_of(all.what, one);
    sessions().answer(all.sender.session, one.seq, parley::cid::file_pull_data_req, parley::bytes(body));
  }
}

parley::status file_plugin::relay_pull(transfer& all, std::uint16_t seq, const IM::File::IMFilePullDataReq& wanted,
                                       std::string_view body) {
  auto& asked = all.between.asked;
  if (wanted.offset() > all.what.size || wanted.data_size() > largest_pull) {
    return violated(all.receiver.session, "a pull beyond the file");
  }
  const auto sum = [](std::uint64_t before, const pull& one) { return before + one.size; };
  if (asked.size() >= most_asked ||
      std::accumulate(asked.begin(), asked.end(), std::uint64_t(wanted.data_size()), sum) > most_bytes) {
    return violated(all.receiver.session, "more pulls than can wait");
  }
  if (asked.empty()) all.sender.moved_ms = now_ms();
  asked.push_back({seq, wanted.offset(), wanted.data_size()});
  if (all.sender.ready) {
    sessions().answer(all.sender.session, seq, parley::cid::file_pull_data_req, parley::bytes(body));
  }
  return status::ok;
}

/// Under the seq of the pull that it answers. It may be shorter than asked, at a file's end for one: the receiver goes
/// on from where it stands.
parley::status file_plugin::relay_block(transfer& all, const block_view& block, std::string_view body) {
  auto& between = all.between;
  if (between.asked.empty()) return violated(all.sender.session, "a block that nobody asked for");
  const auto wanted = between.asked.front();
  const auto size = block.file_data.size();
  if (block.offset != wanted.offset || size > wanted.size || wanted.offset + size > all.what.size) {
    return violated(all.sender.session, "another block than the one asked for");
  }
  if (size == 0 && wanted.size != 0 && wanted.offset < all.what.size && block.result_code == 0) {
    return violated(all.sender.session, "an empty block");
  }
  between.asked.pop_front();
  if (between.stale > 0) {
    --between.stale;
    return status::ok;
  }
  sessions().answer(all.receiver.session, wanted.seq, parley::cid::file_pull_data_rsp, parley::bytes(body));
  bytes_relayed_.add(static_cast<std::int64_t>(size));
  touch(all);
  return status::ok;
}

}  // namespace file
