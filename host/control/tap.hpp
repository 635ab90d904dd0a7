// Shows PDUs as they pass to whoever runs `parleyctl tap`; costs a null check when nobody does.
#pragma once

#include "host/control/control_server.hpp"
#include "host/net/session_table.hpp"

namespace parley::host {

/// Hands each PDU to the control socket as bytes: decoding is parleyctl's, in its own process. [loop]
class pdu_tap : public pdu_watcher {
 public:
  pdu_tap(session_table& sessions, control_server& control);
  ~pdu_tap() override;
  void saw(const session& s, bool inbound, std::uint16_t command, std::uint16_t seq, std::string_view body) override;

 private:
  session_table& sessions_;
  control_server& control_;
};

}  // namespace parley::host
