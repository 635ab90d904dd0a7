#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/file_pattern.hpp"
#include "bench/fleet.hpp"
#include "bench/memory.hpp"
#include "client/file_transfer.hpp"

namespace parley::bench {

/// Many files at once, one connection per file and end, begun anew as they complete; every byte is verified. What a
/// server has to know for it: 0x0103, 0x0506 and 0x0501 to 0x0505; a bare one 0x0501 to 0x0505. Of 0x0507 the task and
/// its mode are read: transfers connect to the server that is measured. [thread of the loop]
class file_traffic {
 public:
  enum class mode : std::uint8_t { relay, upload, download };
  struct shape {
    mode what;
    std::size_t transfers;  ///< at a time
    std::size_t users;      ///< user i sends to user i + 1, the last one to the first
    std::uint32_t size;
    std::uint32_t window;
    bool bare;          ///< a server that knows no users and takes any task; downloads are its one file, number 1
    std::uint64_t pid;  ///< of the server; 0: its memory is not looked at
  };

  file_traffic(client::event_loop& loop, const crowd& users, const shape& how);

  /// Logs in, and for downloads puts the files there.
  client::result<> prepare();
  void start();
  void start_measuring();
  void stop_measuring();
  /// Empty, or why it cannot go on.
  const std::string& broken() const { return broken_; }
  void conclude(report& out) const;

 private:
  struct slot {
    std::uint32_t file = 0;
    std::string task_id;
    bool uploaded = false;
    int open_ends = 0;
    std::uint64_t began_ns = 0;
    std::unique_ptr<pattern_source> source;
    std::unique_ptr<pattern_sink> sink;
    std::unique_ptr<client::file_transfer> sender;
    std::unique_ptr<client::file_transfer> receiver;
  };

  void begin(std::size_t index);
  void offer(std::size_t index);
  void received(const client::pdu& next);
  void send(std::size_t index);
  void receive(std::size_t index);
  client::file_transfer::handlers watched(std::size_t index);
  void end_reached(std::size_t index);
  void forget(slot& one, std::size_t index);
  device& from(std::size_t index) { return fleet_.at(index % how_.users); }
  device& to(std::size_t index) { return fleet_.at((index + 1) % how_.users); }
  client::file_task task_of(std::size_t index, client::file_role role);
  void connect(std::size_t index);

  client::event_loop& loop_;
  const shape how_;
  const client::endpoint server_;
  fleet fleet_;
  file_pattern pattern_;
  std::vector<slot> slots_;
  memory_watch memory_;
  client::timer looking_;
  histogram times_;
  std::string broken_;
  std::uint32_t newest_file_ = 0;
  std::uint64_t moved_ = 0;  ///< bytes that were verified; with uploads: that the server asked for
  std::uint64_t sent_ = 0;   ///< those of sources that are not measured
  std::uint64_t moved_before_ = 0;
  std::uint64_t moved_measured_ = 0;
  std::uint64_t completed_ = 0;
  std::uint64_t completed_measured_ = 0;
  std::uint64_t measured_from_ns_ = UINT64_MAX;
  std::uint64_t measured_ns_ = 0;
  std::size_t uploaded_ = 0;
  bool preparing_ = false;
};

}  // namespace parley::bench
