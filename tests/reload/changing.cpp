// One plugin in many builds, each right or wrong in its own way (CMakeLists.txt names them). It counts what it is
// asked, and hands the count over.
#include <parley/plugin.hpp>
#include <parley/timer.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

#ifndef STATE_VERSION
#define STATE_VERSION 1
#endif

namespace {

class changing final : public parley::plugin {
 public:
  explicit changing(const parley::context& ctx) : plugin(ctx) {
#ifdef THROWS_IN_CREATE
    throw std::runtime_error("no luck this time");
#endif
  }

  parley::status self_test() override {
#ifdef CRASHES_IN_SELF_TEST
    std::raise(SIGSEGV);
#endif
#ifdef HANGS_IN_SELF_TEST
    for (;;) pause();
#endif
#ifdef FAILS_SELF_TEST
    return parley::status::unavailable;
#endif
    return parley::status::ok;
  }

  std::string save_state() override {
#ifdef HUGE_STATE
    return std::string(3 << 20, 'x');
#endif
    return (STATE_VERSION == 1 ? "" : "count=") + std::to_string(count_);
  }
  parley::status restore_state(std::uint32_t version, std::string_view state) override {
#ifdef REFUSES_STATE
    return parley::status::refused;
#endif
    if (version > STATE_VERSION) return parley::status::refused;
    if (version == 2) state.remove_prefix(6);
    count_ = std::atoi(std::string(state).c_str());
    return parley::status::ok;
  }

  /// "BUILD COUNT"
  parley::status on_count(parley::request request, std::string_view) {
#ifdef CRASHES_AT_CALL
    if (++calls_ == CRASHES_AT_CALL) std::raise(SIGSEGV);
#endif
    return answer(request, ++count_);
  }

  /// The same, later than a reload takes.
  parley::task<parley::status> on_wait(parley::request request, std::string) {
    const int mine = ++count_;
    co_await parley::sleep(host_edge(), 2000);
    co_return answer(request, mine);
  }

  /// An hour later.
  parley::task<parley::status> on_sleep(parley::request request, std::string) {
    co_await parley::sleep(host_edge(), 3600000);
    co_return answer(request, 0);
  }

 private:
  parley::status answer(const parley::request& request, int count) {
    const std::string text = std::string(BUILD) + " " + std::to_string(count);
    const auto* e = host_edge();
    return static_cast<parley::status>(e->session->reply(e->self, request.id(), 0x8129, parley::bytes(text)));
  }
  int count_ = 0;
#ifdef CRASHES_AT_CALL
  int calls_ = 0;  // of this generation
#endif
};

/// Promises an answer that never comes.
parley_status never(void*, const parley_request*) {
  return PARLEY_PENDING;
}

constexpr parley_command never_answers{0x8123, PARLEY_OPEN, 0, "never", never};

#ifdef CLAIMS_ANOTHERS
constexpr auto claimed = 0x8001;
#else
constexpr auto claimed = 0x8120;
#endif

constexpr auto commands =
    parley::commands(parley::on<claimed, &changing::on_count>(parley::access::open, "count"),
                     parley::on<0x8121, &changing::on_wait>(parley::access::open, "wait"),
                     parley::on<0x8122, &changing::on_sleep>(parley::access::open, "sleep"), never_answers);

#ifdef CRASHES_AT_LOAD
__attribute__((constructor)) void crash() {
  std::raise(SIGSEGV);
}
#endif
#ifdef THREAD_LOCAL
struct noisy {
  std::string text = "x";
  ~noisy() { text = "gone"; }
};
thread_local noisy kept;
__attribute__((used)) const std::string& use() {
  return kept.text;
}
#endif

}  // namespace

PARLEY_PLUGIN(changing, "changing", "1.0.0", "changes", commands, parley::state(STATE_VERSION))
