#include <parley/plugin.hpp>
#include <parley/worker.hpp>

#include "crashes.hpp"

struct crashes_on_worker final : parley::plugin {
  explicit crashes_on_worker(const parley::context& ctx) : plugin(ctx), workers_(host_edge(), "cpu") {}
  parley::task<parley::status> on_call(parley::request, std::string) {
    auto work = [] { crash_here(); };
    co_await workers_.run(work);
    co_return parley::status::ok;
  }
  parley::worker_pool workers_;
};

constexpr auto commands =
    parley::commands(parley::on<0x8013, &crashes_on_worker::on_call>(parley::access::open, "work"));
constexpr auto pools = parley::pools(parley::needs_workers("cpu"));

PARLEY_PLUGIN(crashes_on_worker, "crashes_on_worker", "1.0.0", "crashes on a thread of a pool", commands, pools)
