// Connections that become WebSocket sessions, and leave HTTP.
#include <utility>

#include "host/http/http_connection.hpp"
#include "host/http/http_server.hpp"
#include "host/http/http_service.hpp"
#include "host/http/response.hpp"
#include "host/http/websocket_upgrade.hpp"

namespace parley::host {

bool http_connection::asks_for_websocket() const {
  const auto& wanted = home_.config().websocket;
  return wanted.on() && parser_->head().path == wanted.path;
}

void http_connection::upgrade(std::string_view early) {
  auto& stats = service_.counters();
  const auto& head = parser_->head();
  auto judged = judge_upgrade(head, home_.config().websocket.origins, home_.config().tls.on());
  auto* door = home_.door();
  if (judged.code == 101 && (!door || !door->has_room() || home_.draining()))
    judged = {503, "", "max_connections of the listener is reached, or it drains"};
  if (judged.code != 101) {
    ++stats.upgrades_refused;
    service_.log_gated(spdlog::level::info, from_.text, std::string("no WebSocket: ") + judged.reason);
    keep_alive_ = false;
    head_only_ = head.method == "HEAD";
    const http_header more[] = {make_header("Upgrade", "websocket"), make_header("Sec-WebSocket-Version", "13")};
    return send(judged.code, std::span(more, judged.code == 426 ? 2 : 0), phrase_line(judged.code));
  }
  ++stats.upgrades;
  upgraded_socket to;
  to.answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
      judged.accept + "\r\n\r\n";
  to.early = early;
  auto taken = stream_.release();
  to.descriptor = taken.descriptor;
  to.tls = std::move(taken.tls);
  to.answer.insert(0, taken.unsent);
  forget_all();
  door->take(std::move(to));
}

}  // namespace parley::host
