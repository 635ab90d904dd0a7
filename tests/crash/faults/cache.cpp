// Redis dies, or stands still: nobody may notice.
#include "crash/faults/faults.hpp"

namespace parley::crash {

bite strike_redis_kill(scene& in, const step& how) {
  const auto away_ms = how.variant % 1500;
  in.redis().kill9();
  rest(away_ms);
  in.redis().start();
  return {1, "away for " + std::to_string(away_ms) + " ms, empty after that"};
}

bite strike_redis_freeze(scene& in, const step& how) {
  in.redis().freeze();
  rest(how.hold_ms);
  in.redis().thaw();
  return {1, "still for " + std::to_string(how.hold_ms) + " ms"};
}

}  // namespace parley::crash
