#include "host/pool/mysql_servers.hpp"

namespace parley::host {

result<std::unique_ptr<mysql_link>> mysql_servers::connect(connection_role role,
                                                           std::chrono::milliseconds read_timeout) {
  if (read_timeout.count() == 0) read_timeout = settings_.read_timeout;
  const auto count = settings_.hosts.size();
  const auto first = current_.load(std::memory_order_relaxed);
  std::string why = settings_.shown;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = (first + i) % count;
    auto made = mysql_link::open(settings_, settings_.hosts[at], role, read_timeout);
    if (made) {
      current_.store(at, std::memory_order_relaxed);
      return made;
    }
    why += (i ? "; " : ": ") + std::string(made.text());
  }
  return error{status::unavailable, why};
}

}  // namespace parley::host
