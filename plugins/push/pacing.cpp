#include "pacing.hpp"

#include <parley/state_bytes.hpp>

#include <algorithm>

namespace push {

using parley::put;

pacing::next pacing::now(std::uint64_t ms, bool any, bool full) {
  if (posting_) {
    if (!of_another_) return {};
    if (given_up_at_ == 0 || ms < given_up_at_) return {false, given_up_at_};
    posting_ = of_another_ = false;
  }
  if (!any) {
    due_at_ = 0;
    return {};
  }
  if (ms < not_before_) return {false, not_before_};
  if (due_at_ == 0) due_at_ = ms + linger_ms_;
  if (full || ms >= due_at_) return {true, 0};
  return {false, due_at_};
}

std::uint64_t pacing::begin() {
  posting_ = true;
  of_another_ = false;
  return ++number_;
}

void pacing::nothing_to_post() {
  posting_ = false;
  due_at_ = 0;
}

bool pacing::ended(std::uint64_t number, std::uint64_t ms) {
  if (!posting_ || number != number_) return false;
  posting_ = of_another_ = false;
  due_at_ = std::max<std::uint64_t>(ms, 1);  // what came meanwhile has waited
  return true;
}

void pacing::serve(std::uint64_t ms, std::uint64_t longest_request_ms) {
  given_up_at_ = ms + longest_request_ms;
  due_at_ = std::max<std::uint64_t>(ms, 1);
}

void pacing::save(std::string& out) const {
  put(out, static_cast<std::uint8_t>(posting_));
  put(out, number_);
  put(out, not_before_);
}

pacing pacing::restored(std::uint64_t linger_ms, parley::state_reader& in, std::uint32_t version) {
  pacing out(linger_ms);
  out.posting_ = out.of_another_ = in.get<std::uint8_t>() != 0;
  if (version < 2) return out;
  out.number_ = in.get<std::uint64_t>();
  out.not_before_ = in.get<std::uint64_t>();
  return out;
}

}  // namespace push
