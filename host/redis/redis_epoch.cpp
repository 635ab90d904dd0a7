#include "host/redis/redis_epoch.hpp"

#include <random>

namespace parley::host::redis_epoch {

std::string make(std::string_view run_id) {
  static constexpr char digits[] = "0123456789abcdef";
  std::random_device chance;
  std::string out(run_id.substr(0, run_length));
  out.resize(run_length, '-');
  while (out.size() < length) out += digits[chance() % 16];
  return out;
}

bool belongs(std::string_view epoch, std::string_view run_id) {
  return epoch.size() == length && run_id.size() >= run_length &&
         epoch.substr(0, run_length) == run_id.substr(0, run_length);
}

std::string_view run_id_in(std::string_view info) {
  static constexpr std::string_view field = "\nrun_id:";
  const auto at = info.find(field);
  if (at == info.npos) return {};
  const auto rest = info.substr(at + field.size());
  return rest.substr(0, rest.find_first_of("\r\n"));
}

}  // namespace parley::host::redis_epoch
