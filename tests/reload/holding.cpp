// Holds whoever calls 0x8130, clients that say 0x8135, and commands of `changing` that say "hold", until a client says
// 0x8131: a test's means to keep another plugin waiting. It hands over whom it holds, so that a newer generation can
// let go for an older.
#include <parley/plugin.hpp>

#include <cstring>
#include <utility>
#include <vector>

namespace {

class holding final : public parley::plugin {
 public:
  using plugin::plugin;

  static parley_status hold(void* p, const parley_request* request) {
    self(p).held_.push_back(request->id);
    return PARLEY_PENDING;
  }
  static parley_status before_changing(void* p, const parley_request* request) {
    const std::string_view body(static_cast<const char*>(request->body.data), request->body.size);
    return body == "hold" ? hold(p, request) : PARLEY_OK;
  }
  /// Lets go of all; answers 0x8132 with how many, and how many of these replies came too late.
  static parley_status release(void* p, const parley_request* request) {
    const auto* e = self(p).host_edge();
    const auto held = std::exchange(self(p).held_, {});
    auto count = std::to_string(held.size());
    std::size_t closed = 0;
    for (const auto id : held) {
      closed += e->session->reply(e->self, id, 0x8132, {}) == PARLEY_CLOSED;
      e->session->finish(e->self, id, PARLEY_OK, {}, 0);
    }
    if (closed) count += ", " + std::to_string(closed) + " late";
    return e->session->reply(e->self, request->id, 0x8132, parley::bytes(count));
  }
  /// 0x8134: how many are held.
  static parley_status count(void* p, const parley_request* request) {
    const auto* e = self(p).host_edge();
    const auto count = std::to_string(self(p).held_.size());
    return e->session->reply(e->self, request->id, 0x8134, parley::bytes(count));
  }

  std::string save_state() override {
    return {reinterpret_cast<const char*>(held_.data()), held_.size() * sizeof held_[0]};
  }
  parley::status restore_state(std::uint32_t, std::string_view state) override {
    held_.resize(state.size() / sizeof held_[0]);
    if (!held_.empty()) std::memcpy(held_.data(), state.data(), state.size());
    return parley::status::ok;
  }

 private:
  static holding& self(void* p) { return *static_cast<holding*>(static_cast<parley::plugin*>(p)); }
  std::vector<parley_request_id> held_;
};

constexpr auto commands = parley::commands(parley_command{0x8130, PARLEY_CALL_ONLY, 0, "hold", holding::hold},
                                           parley_command{0x8131, PARLEY_OPEN, 0, "release", holding::release},
                                           parley_command{0x8133, PARLEY_OPEN, 0, "count", holding::count},
                                           parley_command{0x8135, PARLEY_OPEN, 0, "wait", holding::hold});
constexpr auto filters = parley::filters(parley_filter{0x8120, 0, 0, holding::before_changing},
                                         parley_filter{0x8123, 0, 0, holding::before_changing});

}  // namespace

PARLEY_PLUGIN(holding, "holding", "1.0.0", "holds until it is told to let go", commands, filters, parley::state(1))
