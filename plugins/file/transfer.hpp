// A transfer in memory: a task, who is connected for it, and what is on its way. Plain values, so that all of it fits
// into a session's slot and goes from one generation to the next.
#pragma once

#include <parley/abi.h>
#include <parley/state_bytes.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reply_block.hpp"
#include "task.hpp"

namespace file {

/// IM.BaseDefine.ClientFileRole
enum class role : std::uint8_t { sender = 1, receiver = 2, uploader = 3, downloader = 4 };

constexpr bool sends(role r) {
  return r == role::sender || r == role::uploader;
}
constexpr transfer_mode mode_of(role r) {
  return r == role::sender || r == role::receiver ? transfer_mode::online : transfer_mode::offline;
}

/// One connection of a transfer; none when session is 0.
struct end {
  parley_session_id session = 0;
  std::uint32_t level = 0;
  bool ready = false;          // 0x0502 has gone out
  bool told = false;           // a receiver: that the sender is there
  bool begun = false;          // a receiver: has pulled; until then its user may not have said yes
  std::uint64_t moved_ms = 0;  // since when it owes what it owes; 0: to be seen

  explicit operator bool() const { return session != 0; }
};

/// A 0x0504 that is not answered yet.
struct pull {
  std::uint16_t seq = 0;
  number offset = 0;
  number size = 0;
};

/// Blocks that one writer takes, in order, until there are none. A hand-over leaves it to its writer.
struct backlog {
  std::vector<std::string> blocks;
  bool writing = false;

  std::uint64_t bytes() const;
};

/// What the server asks an uploader for, and has not written yet. 64 bits: a file may end at 4 GiB - 1.
struct upload {
  std::uint64_t asked = 0;    // pulled up to here
  std::uint64_t arrived = 0;  // received
  std::uint64_t written = 0;  // in the unfinished file
  std::deque<pull> awaited;
  std::shared_ptr<backlog> queued;               // arrived: its end is where `arrived` is
  std::map<std::uint64_t, std::uint64_t> early;  // written behind what is still being written
  bool finishing = false;

  bool writing() const { return written < arrived; }  // whichever generation does
  /// From here on; nothing is on its way.
  void start(std::uint64_t at) {
    asked = arrived = written = at;
    awaited.clear();
    if (queued) queued->blocks.clear();
    queued.reset();
    early.clear();
  }
  /// That is written: the place up to which everything is may move. False: it was of a connection before this one.
  bool mark_written(std::uint64_t from, std::uint64_t to);
};

/// What a downloader has asked for, and what was read ahead for it.
struct download {
  std::uint64_t next = 0;  // where its next pull has to be
  std::deque<pull> waiting;
  std::deque<reply_block> ahead;
  bool reading = false;
  std::uint64_t turn = 0;  // of receivers, never again for this task: a read for one that has gone is void

  /// The first byte that it does not have.
  std::uint64_t behind() const { return waiting.empty() ? next : waiting.front().offset; }
  /// Where reading goes on.
  std::uint64_t read_to() const { return ahead.empty() ? behind() : ahead.back().offset() + ahead.back().size(); }
  void start(std::uint64_t at) {
    next = at;
    waiting.clear();
    ahead.clear();
    ++turn;
    reading = false;
  }
};

/// Pulls that went, or will go, to the sender.
struct relay {
  std::deque<pull> asked;
  std::uint32_t stale = 0;  // of these, the first ones: their receiver has gone, their blocks are dropped
};

struct transfer {
  task what;
  end sender, receiver;
  upload up;
  download down;
  relay between;
  number touched = 0;                // unix, in SQL
  std::uint64_t alone_since_ms = 0;  // online: an end of level 1 is waited for; 0 = not

  bool has(parley_session_id session) const { return sender.session == session || receiver.session == session; }
  bool idle() const { return !sender && !receiver && !up.writing() && !up.finishing && alone_since_ms == 0; }

  /// Whether that end has to bring a block, or to pull: nothing else can go on before it does.
  bool owes(role as) const;
  /// How much of the file a downloader may have: the last byte only when the file is committed.
  std::uint64_t available() const;
};

/// For the slot of one of its ends.
std::string saved(const transfer& all, role as);
struct restored_end {
  role as = role::sender;
  transfer all;
};
std::optional<restored_end> restored(std::string_view slot);

}  // namespace file
