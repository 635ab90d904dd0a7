// Role 4. Blocks in order, as far as they are there; a recipient who is early waits for them.
#include <parley/commands.hpp>

#include <algorithm>
#include <iterator>

#include "file.hpp"

namespace file {
namespace {

constexpr std::size_t most_waiting = 8;                   // pulls
constexpr std::size_t portion = 6;                        // blocks read at a time
constexpr std::uint64_t read_again_at = 2 * block_bytes;  // left of it

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
  while (!down.waiting.empty() && !down.ahead.empty()) {
    const auto& block = down.ahead.front();
    sessions().answer(all.receiver.session, down.waiting.front().seq, parley::cid::file_pull_data_rsp,
                      parley::bytes(block.body()));
    bytes_down_.add(block.size());
    down.ahead.pop_front();
    down.waiting.pop_front();
  }
  if (down.behind() == all.what.size && all.what.at == stage::complete) {
    send_state(all.receiver.session, all.what, IM::BaseDefine::CLIENT_FILE_DONE, all.what.from);
    close(all.receiver, "file done");
    down.start(0);
    return;
  }
  if (down.reading) return;
  // Only for somebody who asks, or has asked before: one who only waits needs no memory.
  const auto held = down.read_to();
  const bool begun = !down.waiting.empty() || !down.ahead.empty();
  if (begun && held < ready && held - down.behind() <= read_again_at) read_ahead(all, ready);
}

/// Whole blocks of those that are there.
void file_plugin::read_ahead(transfer& all, std::uint64_t ready) {
  auto& down = all.down;
  const auto from = down.read_to();
  std::size_t blocks = 0;
  for (auto at = from; blocks < portion && at < all.what.size; ++blocks) {
    at += std::min(block_bytes, all.what.size - at);
    if (at > ready) break;
  }
  if (blocks == 0) return;
  down.reading = true;
  parley::in_background(host_edge(), read(all.what.id, from, blocks, down.turn, epoch_));
}

/// What a generation that has handed over still reads, the serving one reads again.
parley::task<> file_plugin::read(std::string id, std::uint64_t from, std::size_t blocks, std::uint64_t turn,
                                 std::uint64_t epoch) {
  const task what = find(id)->what;
  auto got = co_await workers_.run([&] {
    std::vector<reply_block> out;
    std::vector<std::span<char>> places;
    for (auto at = from; out.size() < blocks; at += out.back().size()) {
      places.push_back(out.emplace_back(what, at).data());
    }
    vault_.read(what, from, places);
    return out;
  });
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
    std::move(got->begin(), got->end(), std::back_inserter(all->down.ahead));
    serve(*all);
  }
  drop_if_idle(id);
}

}  // namespace file
