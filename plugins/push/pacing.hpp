// When the next request is due, and which request's end counts.
#pragma once

#include <parley/state_bytes.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace push {

/// Times are the host's monotonic clock, which generations share.
class pacing {
 public:
  explicit pacing(std::uint64_t linger_ms) : linger_ms_(linger_ms) {}

  struct next {
    bool post = false;
    std::uint64_t look_again_at = 0;  // 0: when something has happened
  };
  /// What to do, given whether records wait, and as many as fill a batch.
  next now(std::uint64_t ms, bool any, bool full);

  /// A request goes out: its number, one for each try.
  std::uint64_t begin();
  bool posting() const { return posting_; }
  /// There was nothing to post after all.
  void nothing_to_post();
  /// False, and nothing changes, unless that is the newest one and has not ended: an older one of the same delivery was
  /// given up.
  bool ended(std::uint64_t number, std::uint64_t ms);
  /// No request before `until`.
  void back_off(std::uint64_t until) { not_before_ = until; }

  /// The request under way goes on in this generation, which does not serve from now on.
  void hand_over() {
    of_another_ = posting_;
    given_up_at_ = 0;
  }
  /// This one serves: it waits for another's request so long.
  void serve(std::uint64_t ms, std::uint64_t longest_request_ms);

  void save(std::string& out) const;
  /// `version` 1 has less.
  static pacing restored(std::uint64_t linger_ms, parley::state_reader& in, std::uint32_t version);

 private:
  std::uint64_t linger_ms_;
  std::uint64_t number_ = 0;       // of the newest request
  bool posting_ = false;           // by this generation, or
  bool of_another_ = false;        // still by the one before,
  std::uint64_t given_up_at_ = 0;  // until then; 0: for now
  std::uint64_t not_before_ = 0;   // by back-off
  std::uint64_t due_at_ = 0;       // what waits has waited long enough; 0: nothing waits
};

}  // namespace push
