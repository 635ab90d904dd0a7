#include "bench/spot_check.hpp"

#include <map>
#include <parley/commands.hpp>
#include <set>

namespace parley::bench {
namespace {

constexpr std::uint16_t history_seq = 0x8001;
constexpr std::uint32_t page_size = 50;
constexpr std::uint64_t patience_ms = 10'000;

}  // namespace

void spot_check::look(std::size_t count) {
  const std::size_t peers = of_.how_.peers();
  const std::size_t conversations = peers * of_.how_.pairs;
  count = std::min(count, conversations);
  for (std::size_t i = 0; i < count; ++i) {
    // From the last peer down: those are the absent ones.
    const std::size_t sender = i % of_.how_.pairs;
    const std::size_t peer = peers - 1 - (i / of_.how_.pairs * peers / ((count - 1) / of_.how_.pairs + 1)) % peers;
    IM::Message::IMGetMsgListReq request;
    request.set_user_id(of_.fleet_.at(sender).me().user_id);
    request.set_session_type(IM::BaseDefine::SESSION_TYPE_SINGLE);
    request.set_session_id(of_.peer_id(sender, peer));
    request.set_msg_id_begin(0);
    request.set_msg_cnt(page_size);
    bool answered = false;
    of_.on_other_ = [&](const client::pdu& next) {
      IM::Message::IMGetMsgListRsp page;
      if (next.head.seq_num != history_seq || answered) return;
      answered = true;
      if (next.head.command_id == cid::msg_list_response && next.read(page)) return compare(sender, peer, page);
      ++unanswered_;
    };
    of_.fleet_.at(sender).line().send(cid::msg_list_request, history_seq, request);
    if (!of_.loop_.run_until([&] { return answered || of_.fleet_.lost() > 0; }, patience_ms)) ++unanswered_;
    of_.on_other_ = {};
    ++looked_;
    if (unanswered_ > 0) return;
  }
}

void spot_check::compare(std::size_t sender, std::size_t peer, const IM::Message::IMGetMsgListRsp& page) {
  const ledger& books = of_.ledger_;
  std::set<std::uint32_t> found;
  std::uint32_t smallest = UINT32_MAX;
  for (const auto& each : page.msg_list()) {
    smallest = std::min(smallest, each.msg_id());
    const pattern::reading text = of_.pattern_.read(each.msg_data());
    if (text.what == pattern::kind::foreign) continue;
    const auto [author, n] = text.which;
    const bool known = text.what == pattern::kind::ours && author == sender && n < books.next(sender) &&
                       n % books.peers() == peer && found.insert(n).second;
    if (!known || (books.was_acked(sender, n) && books.msg_id(sender, n) != each.msg_id())) ++wrong_;
    ++messages_;
  }
  if (page.msg_list_size() < static_cast<int>(page_size)) smallest = 0;  // this is all there is
  for (auto n = static_cast<std::uint32_t>(peer); n < books.next(sender);
       n += static_cast<std::uint32_t>(books.peers())) {
    if (books.was_acked(sender, n) && books.msg_id(sender, n) >= smallest && !found.contains(n)) ++missing_;
  }
}

void spot_check::conclude(report& out) const {
  out.count("histories_checked", looked_);
  out.count("messages_checked", messages_);
  out.violations("history_missing", missing_);
  out.violations("history_wrong", wrong_);
  out.violations("history_unanswered", unanswered_);
}

}  // namespace parley::bench
