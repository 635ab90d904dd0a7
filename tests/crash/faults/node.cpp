// A node is killed, loses its power, or is asked to end.
#include "crash/faults/faults.hpp"

namespace parley::crash {
namespace {

/// Dead at once; one time in three it is started and killed again on its way up. `at_death` sees each corpse.
template <class AtDeath>
void kill_and_start(scene& in, const step& how, AtDeath&& at_death) {
  in.kill(how.node);
  at_death(0);
  if (how.variant % 3 == 0) {
    in.node(how.node).spawn();
    rest(how.variant / 3 % 120);
    in.node(how.node).kill9();
    at_death(1);
  }
  in.start(how.node);
}

}  // namespace

bite strike_kill(scene& in, const step& how) {
  std::uint64_t kills = 0;
  kill_and_start(in, how, [&](int) { ++kills; });
  return {kills, std::to_string(kills) + (kills == 1 ? " kill" : " kills")};
}

bite strike_restart(scene& in, const step& how) {
  in.terminate(how.node);
  in.start(how.node);
  return {1, "ended and started"};
}

bite strike_power(scene& in, const step& how) {
  const auto loss_of = how.variant / 400 % 2 == 0 || in.disks_lie() ? loss::everything : loss::some;
  std::uint64_t lost = 0;
  // Between two batches there is nothing to lose: again, until it came in the middle of one.
  for (int attempt = 0; attempt < 8 && lost == 0; ++attempt) {
    if (attempt > 0) rest(50);
    kill_and_start(in, how, [&](int death) {
      lost += in.node_shim(how.node)->cut_power(in.node(how.node).data(), loss_of,
                                                how.variant + static_cast<std::uint64_t>(death));
    });
  }
  return {lost, std::to_string(lost) + (loss_of == loss::some ? " bytes in random sectors" : " bytes") + " taken away"};
}

}  // namespace parley::crash
