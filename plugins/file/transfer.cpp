#include "transfer.hpp"

#include <algorithm>

namespace file {
namespace {

using parley::put;
using parley::put_text;
using parley::state_reader;

constexpr std::uint16_t most_pulls = 256;

void put_pulls(std::string& out, const std::deque<pull>& pulls) {
  put(out, static_cast<std::uint16_t>(pulls.size()));
  for (const auto& one : pulls) {
    put(out, one.seq);
    put(out, one.offset);
    put(out, one.size);
  }
}

std::deque<pull> get_pulls(state_reader& in) {
  std::deque<pull> out;
  for (auto left = std::min(in.get<std::uint16_t>(), most_pulls); left > 0 && in.ok(); --left) {
    pull one;
    one.seq = in.get<std::uint16_t>();
    one.offset = in.get<number>();
    one.size = in.get<number>();
    out.push_back(one);
  }
  return out;
}

void put_task(std::string& out, const task& what) {
  put_text(out, what.id);
  put(out, what.from);
  put(out, what.to);
  put(out, what.size);
  put(out, what.created);
  put(out, what.mode);
  put(out, what.at);
  put(out, what.stored);
  put_text(out, what.name);
}

task get_task(state_reader& in) {
  task out;
  out.id = in.text();
  out.from = in.get<number>();
  out.to = in.get<number>();
  out.size = in.get<number>();
  out.created = in.get<number>();
  out.mode = in.get<std::uint8_t>() == 1 ? transfer_mode::online : transfer_mode::offline;
  out.at = in.get<std::uint8_t>() == 1 ? stage::complete : stage::open;
  out.stored = in.get<std::uint8_t>() != 0;
  out.name = in.text();
  return out;
}

}  // namespace

std::uint64_t backlog::bytes() const {
  std::uint64_t out = 0;
  for (const auto& block : blocks) out += block.size();
  return out;
}

bool upload::mark_written(std::uint64_t from, std::uint64_t to) {
  if (from < written || to > arrived) return false;
  early[from] = to;
  for (auto next = early.find(written); next != early.end(); next = early.find(written)) {
    written = next->second;
    early.erase(next);
  }
  return true;
}

bool transfer::owes(role as) const {
  if (!(sends(as) ? sender : receiver).ready) return false;
  switch (as) {
    case role::sender:
      return receiver.ready && !between.asked.empty();
    case role::receiver:
      return sender.ready && between.asked.empty();
    case role::uploader:
      return !up.awaited.empty();
    case role::downloader:
      return down.waiting.empty() && down.next < what.size;
  }
  return false;
}

std::uint64_t transfer::available() const {
  if (what.at == stage::complete) return what.size;
  return what.size == 0 ? 0 : std::min<std::uint64_t>(up.written, what.size - 1);
}

std::string saved(const transfer& all, role as) {
  std::string out;
  put(out, as);
  put_task(out, all.what);
  const auto& mine = sends(as) ? all.sender : all.receiver;
  put(out, mine.level);
  put(out, mine.told);
  put(out, all.up.asked);
  put(out, all.up.arrived);
  put(out, all.up.written);
  put(out, all.up.writing() ? all.up.arrived : std::uint64_t(0));  // what file 1.0.0 expects to hear of
  put(out, static_cast<std::uint16_t>(all.up.early.size()));
  for (const auto& [from, to] : all.up.early) {
    put(out, from);
    put(out, to);
  }
  put_pulls(out, all.up.awaited);
  put(out, all.down.next);
  put_pulls(out, all.down.waiting);
  put_pulls(out, all.between.asked);
  put(out, all.between.stale);
  put(out, all.alone_since_ms);
  return out;
}

std::optional<restored_end> restored(std::string_view slot) {
  state_reader in(slot);
  restored_end out;
  out.as = static_cast<role>(std::clamp<std::uint8_t>(in.get<std::uint8_t>(), 1, 4));
  out.all.what = get_task(in);
  auto& mine = sends(out.as) ? out.all.sender : out.all.receiver;
  mine.level = in.get<std::uint32_t>();
  mine.told = in.get<std::uint8_t>() != 0;
  mine.ready = true;
  auto& up = out.all.up;
  for (auto* place : {&up.asked, &up.arrived, &up.written}) *place = in.get<std::uint64_t>();
  in.get<std::uint64_t>();
  for (auto left = std::min(in.get<std::uint16_t>(), most_pulls); left > 0 && in.ok(); --left) {
    const auto from = in.get<std::uint64_t>();
    up.early[from] = in.get<std::uint64_t>();
  }
  up.awaited = get_pulls(in);
  out.all.down.next = in.get<std::uint64_t>();
  out.all.down.waiting = get_pulls(in);
  out.all.between.asked = get_pulls(in);
  out.all.between.stale = in.get<std::uint32_t>();
  out.all.alone_since_ms = in.get<std::uint64_t>();
  mine.begun = !sends(out.as) && (out.all.down.next > 0 || !out.all.between.asked.empty());
  if (!in.done()) return std::nullopt;
  return out;
}

}  // namespace file
