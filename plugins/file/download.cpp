// Role 4. Blocks in order, as far as they are there; a recipient who is early waits for them.
#include <parley/commands.hpp>

#include <algorithm>

#include "file.hpp"

namespace file {
namespace {

constexpr std::size_t most_waiting = 8;                   // pulls
constexpr std::uint64_t portion = 4 * block_bytes;        // read at a time
constexpr std::uint64_t read_again_at = 2 * block_bytes;  // left of it

/// A 0x0505 whose data is written behind the other fields: a message would be one more copy of it.
std::string block_body(const task& what, std::uint64_t offset, std::string_view data) {
  IM::File::IMFilePullDataRsp block;
  block.set_result_code(0);
  block.set_task_id(what.id);
  block.set_user_id(what.to);
  block.set_offset(static_cast<number>(offset));
  std::string out;
  out.reserve(data.size() + 96);
  block.AppendPartialToString(&out);
  out += '\x2A';  // field 5, bytes
  auto size = data.size();
  for (; size >= 0x80; size >>= 7) out += static_cast<char>((size & 0x7F) | 0x80);
  out += static_cast<char>(size);
  out += data;
  return out;
}

}  // namespace

/// data_size is not looked at: a client is always given the next block.
parley::status file_plugin::take_pull(transfer& all, std::uint16_t seq, const IM::File::IMFilePullDataReq& wanted) {
  auto& down = all.down;
  if (wanted.offset() != down.next || down.next >= all.what.size) {
    return violated(all.receiver.session, "a pull of another block than the next");
  }
  if (down.waiting.size() >= most_waiting) return violated(all.receiver.session, "more pulls than can wait");
  const auto size = std::min(block_bytes, all.what.size - down.next);
  down.waiting.push_back({seq, wanted.offset(), static_cast<number>(size)});
  down.next += size;
  serve(all);
  return status::ok;
}

/// What can be answered is; after the last byte comes 0x0503 "done".
void file_plugin::serve(transfer& all) {
  auto& down = all.down;
  if (!all.receiver.ready || all.what.online()) return;
  const auto ready = all.available();
  auto behind = down.waiting.empty() ? down.next : down.waiting.front().offset;
  while (!down.waiting.empty()) {
    const auto& first = down.waiting.front();
    const auto begin = first.offset - down.ahead_at;
    if (first.offset < down.ahead_at || begin + first.size > down.ahead.size()) break;
    const auto body = block_body(all.what, first.offset, std::string_view(down.ahead).substr(begin, first.size));
    sessions().answer(all.receiver.session, first.seq, parley::cid::file_pull_data_rsp, parley::bytes(body));
    bytes_down_.add(first.size);
    behind = std::uint64_t(first.offset) + first.size;
    down.waiting.pop_front();
  }
  if (behind == all.what.size && all.what.at == stage::complete) {
    send_state(all.receiver.session, all.what, IM::BaseDefine::CLIENT_FILE_DONE, all.what.from);
    close(all.receiver, "file done");
    down.start(0);
    return;
  }
  if (down.reading) return;
  // Only for somebody who asks, or has asked before: one who only waits needs no memory.
  const auto held = down.ahead_at + down.ahead.size();
  const bool begun = !down.waiting.empty() || !down.ahead.empty();
  if (begun && held < ready && held - std::min(held, behind) <= read_again_at) read_ahead(all, behind);
}

void file_plugin::read_ahead(transfer& all, std::uint64_t from) {
  auto& down = all.down;
  const auto used = std::min<std::uint64_t>(from - std::min(from, down.ahead_at), down.ahead.size());
  down.ahead.erase(0, used);
  down.ahead_at += used;
  if (down.ahead.empty()) down.ahead_at = from;
  const auto at = down.ahead_at + down.ahead.size();
  const auto size = std::min(portion, all.available() - at);
  down.reading = true;
  parley::in_background(host_edge(), read(all.what.id, at, size, down.turn, epoch_));
}

/// What a generation that has handed over still reads, the serving one reads again.
parley::task<> file_plugin::read(std::string id, std::uint64_t from, std::size_t size, std::uint32_t turn,
                                 std::uint64_t epoch) {
  const task what = find(id)->what;
  auto got = co_await workers_.run([&] { return vault_.read(what, from, size); });
  auto* all = find(id);
  if (epoch != epoch_ || !all || all->down.turn != turn) co_return;
  all->down.reading = false;
  if (!got) {
    disk_errors_.add();
    last_trouble_ = got.text();
    complain("a download was broken off: " + got.text());
    close(all->receiver, "disk error");
    all->down.start(0);
  } else {
    all->down.ahead += *got;
    serve(*all);
  }
  drop_if_idle(id);
}

}  // namespace file
