// What systemd, or parleyd-supervisor for several nodes, is told: sd_notify(3). In parleyd and in its supervisor.
#pragma once

namespace parley::host {

/// One datagram to $NOTIFY_SOCKET, if there is one; nobody waits for it. [loop]
void tell_service_manager(const char* text);

}  // namespace parley::host
