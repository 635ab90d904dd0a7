// MariaDB dies, loses its power, stands still, or its connections end in COMMIT.
#include "crash/faults/faults.hpp"

namespace parley::crash {

bite strike_mariadb_kill(scene& in, const step& how) {
  const auto away_ms = how.variant % 400;
  in.database().kill9();
  rest(away_ms);
  in.database().start();
  return {1, "away for " + std::to_string(away_ms) + " ms and its start"};
}

bite strike_mariadb_power(scene& in, const step& how) {
  const auto loss_of = how.variant % 2 == 0 || in.disks_lie() ? loss::everything : loss::some;
  in.database().kill9();
  const auto lost = in.database_shim()->cut_power(in.database().data(), loss_of, how.variant);
  in.database().start();
  return {lost, std::to_string(lost) + (loss_of == loss::some ? " bytes in random sectors" : " bytes") + " taken away"};
}

bite strike_mariadb_freeze(scene& in, const step& how) {
  const auto ms = how.hold_ms * 2;
  in.database().freeze();
  rest(ms);
  in.database().thaw();
  return {1, "still for " + std::to_string(ms) + " ms"};
}

/// Waits until so many were cut as were ordered, at most a few seconds: writers may be idle.
bite strike_commit_cut(scene& in, const step& how) {
  using cut = test::commit_proxy::cut;
  struct moment {
    cut where;
    const char* name;
  };
  constexpr moment moments[] = {
      {cut::after, "before the answer to"}, {cut::on_its_way, "right behind a"}, {cut::before, "before a"}};
  const auto& at = moments[in.lookup_is_off() ? 0 : how.variant % 3];
  const auto before = in.proxy().cuts();
  const int wanted = 1 + static_cast<int>(how.variant / 3 % 4);
  in.proxy().cut_next(at.where, wanted);
  for (int i = 0; i < 300 && in.proxy().cuts() - before < wanted; ++i) rest(10);
  in.proxy().cut_commits(cut::never);
  const auto cuts = static_cast<std::uint64_t>(in.proxy().cuts() - before);
  return {cuts, std::to_string(cuts) + " connections cut " + at.name + " COMMIT"};
}

}  // namespace parley::crash
