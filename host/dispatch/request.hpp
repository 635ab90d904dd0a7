// A command on its way through filters and owner.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "host/dispatch/table.hpp"
#include "host/plugin/pin.hpp"
#include "parley/abi.h"
#include "parley/abi/call.h"
#include "parley/status.hpp"

namespace parley::host {

class dispatcher;

/// Who waits for a call's answer. Kept apart from the request: a deadline answers while the owner still works.
struct call_state {
  dispatcher* of = nullptr;  // with `id`, for the deadline's timer, which is given this slot
  std::uint64_t id = 0;
  pin caller;
  void* context = nullptr;
  void (*done)(void* context, parley_status status, std::uint16_t command, parley_bytes reply) = nullptr;
  std::uint64_t timer = 0;
  std::uint16_t reply_command = 0;
  std::string reply;
  bool replied = false;

  void reset() {
    caller.release();
    done = nullptr;
    replied = false;
    std::string().swap(reply);
  }
};

/// running: a plugin frame is on the stack; pending: it promised finish(); abandoned: it did not keep that in time,
/// nobody waits for it any more, and only its owner's pin is left. reset() makes a used slot like new, keeping nothing.
struct request_state {
  pin owner;
  parley_session_id session = 0;
  parley_principal principal{};
  std::uint16_t command = 0;
  std::uint16_t seq = 0;
  std::uint32_t level = 0;
  std::uint32_t stage = 0;  // index of the filter it is at; filters.size() = at the owner
  const dispatch_table::entry* entry = nullptr;
  std::shared_ptr<const dispatch_table> table;  // kept while filters are left to run: entry points into it
  std::unique_ptr<pin[]> ahead;                 // whoever it will come to after the filter it waits in
  bool running = false;
  bool pending = false;
  bool finished = false;
  bool replied = false;
  bool abandoned = false;
  bool holding = false;
  bool counted = false;  // among its session's requests
  status verdict = status::ok;
  std::uint32_t retry_after_ms = 0;
  std::uint32_t weight = 0;    // of the measurement
  std::uint64_t began_ns = 0;  // 0 = not measured
  std::uint64_t call = 0;      // id in the calls map
  bool is_far = false;  // something of the following is set, but for the deadline
  // Served by another node: the serial of the link, and the cluster's number of the plugin.
  std::uint32_t far_link = 0;
  std::uint16_t far_plugin = 0;
  std::uint32_t far_deadline_ms = 0;  // 0 = the cluster's
  // Of another node's session or plugin: the serial of the link it came over (0: that is lost) and its id there.
  bool from_afar = false;
  bool far_call = false;
  std::uint32_t far_transport = 0;  // of parley_request.flags
  std::uint32_t origin_link = 0;
  parley_request_id origin = 0;
  std::vector<std::string> filtered;  // by plugins of that node
  std::string explanation;
  std::string body;  // only when it has to outlive the read buffer
  bool owns_body = false;

  void reset() {
    owner.release();
    if (ahead) ahead.reset();
    session = 0;
    principal = {};
    level = 0;
    stage = 0;
    entry = nullptr;
    table.reset();
    running = pending = finished = replied = abandoned = holding = counted = owns_body = false;
    verdict = status::ok;
    retry_after_ms = 0;
    began_ns = 0;
    call = 0;
    far_deadline_ms = 0;
    if (is_far) reset_far();
    if (!explanation.empty()) std::string().swap(explanation);
    if (!body.empty()) std::string().swap(body);
  }

  void reset_far() {
    is_far = from_afar = far_call = false;
    far_link = far_plugin = 0;
    far_transport = 0;
    origin_link = 0;
    origin = 0;
    std::vector<std::string>().swap(filtered);
  }
};

}  // namespace parley::host
