// Holds whoever calls 0x8130 until a client says 0x8131: a test's means to keep another plugin waiting.
#include <parley/plugin.hpp>

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
  /// Lets go of all; answers 0x8132 with how many.
  static parley_status release(void* p, const parley_request* request) {
    const auto* e = self(p).host_edge();
    const auto held = std::exchange(self(p).held_, {});
    const auto count = std::to_string(held.size());
    for (const auto id : held) {
      e->session->reply(e->self, id, 0x8132, {});
      e->session->finish(e->self, id, PARLEY_OK, {}, 0);
    }
    return e->session->reply(e->self, request->id, 0x8132, parley::bytes(count));
  }
  /// 0x8134: how many are held.
  static parley_status count(void* p, const parley_request* request) {
    const auto* e = self(p).host_edge();
    const auto count = std::to_string(self(p).held_.size());
    return e->session->reply(e->self, request->id, 0x8134, parley::bytes(count));
  }

 private:
  static holding& self(void* p) { return *static_cast<holding*>(static_cast<parley::plugin*>(p)); }
  std::vector<parley_request_id> held_;
};

constexpr auto commands = parley::commands(parley_command{0x8130, PARLEY_CALL_ONLY, 0, "hold", holding::hold},
                                           parley_command{0x8131, PARLEY_OPEN, 0, "release", holding::release},
                                           parley_command{0x8133, PARLEY_OPEN, 0, "count", holding::count});

}  // namespace

PARLEY_PLUGIN(holding, "holding", "1.0.0", "holds until it is told to let go", commands)
