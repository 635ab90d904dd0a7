#include <memory>
#include <vector>

#include "bench/bench.hpp"
#include "bench/fleet.hpp"

namespace parley::bench {
namespace {

/// `concurrency` terminals at a time; each leaves as soon as it is in.
class churn {
 public:
  churn(client::event_loop& loop, const crowd& users, std::size_t people, std::uint64_t most)
      : loop_(loop), users_(users), people_(people), most_(most), slots_(users.concurrency) {}

  void run(std::uint64_t seconds) {
    const std::uint64_t began = client::event_loop::now_ns();
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) start(slot);
    loop_.run_until([&] { return finished_ == started_; }, 1000 * seconds);
    over_ = true;
    took_ns_ = client::event_loop::now_ns() - began;
    const std::uint64_t counted = done_;
    loop_.run_until([&] { return finished_ == started_; }, settle_ms);
    done_ = counted;
  }

  void conclude(report& out) const {
    out.count("logins", done_);
    out.rate("logins_per_s", done_, took_ns_);
    out.latency("login", times_);
    out.latency("connect", connects_);
    out.violations("failed", failed_);
    out.violations("unanswered", started_ - finished_);
    if (!reason_.empty()) out.remark("first failure: " + reason_);
  }

 private:
  static constexpr std::uint64_t settle_ms = 30'000;

  void start(std::size_t slot) {
    if (over_ || started_ == most_ || failed_ > 0) return;
    // Slots share no user: a second login would push the first one out.
    const std::size_t share = people_ / slots_.size();
    const std::size_t user = 1 + slot * share + (started_ / slots_.size()) % share;
    ++started_;
    slots_[slot] = std::make_unique<device>(
        loop_, users_.server, users_.user(user),
        device::handlers{
            [this, slot](const client::result<client::identity>& answer) { ready(slot, answer); }, {}, {}});
  }

  void ready(std::size_t slot, const client::result<client::identity>& answer) {
    ++finished_;
    if (answer) {
      ++done_;
      times_.add(slots_[slot]->login_ns());
      connects_.add(slots_[slot]->connecting_ns());
    } else if (failed_++ == 0) {
      reason_ = answer.why().text;
    }
    start(slot);
  }

  client::event_loop& loop_;
  crowd users_;
  std::size_t people_;
  std::uint64_t most_;
  std::vector<std::unique_ptr<device>> slots_;
  histogram times_;
  histogram connects_;
  std::uint64_t started_ = 0;
  std::uint64_t finished_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t took_ns_ = 0;
  std::string reason_;
  bool over_ = false;
};

}  // namespace

int logins(arguments& from) {
  crowd users = crowd::take(from);
  const std::uint64_t people = from.take_number("--users", 100, 1, 1'000'000);
  users.concurrency = from.take_number("--concurrency", 16, 1, people);
  const std::uint64_t count = from.take_number("--count", 1000, 1, 10'000'000);
  const std::uint64_t seconds = from.take_number("--seconds", 60, 1, 3600);
  report out("logins", from.take_switch("--json"));
  if (!usable(from)) return 2;
  users.describe(out);
  out.parameter("users", people);
  out.parameter("concurrency", users.concurrency);
  out.parameter("count", count);
  out.parameter("seconds", seconds);
  client::event_loop loop;
  churn runner(loop, users, people, count);
  runner.run(seconds);
  runner.conclude(out);
  return out.print();
}

}  // namespace parley::bench
