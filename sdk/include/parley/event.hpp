// Publishing events; subscriptions stand in the descriptor. [loop]
#pragma once

#include "bytes.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

class publisher {
 public:
  explicit publisher(const edge* e) : edge_(e) {}
  /// Whether anybody listens; spares making the message.
  bool heard(const char* name) const { return edge_->event->heard(edge_->self, name) != 0; }
  template <class Message>
  status publish(const char* name, const Message& message) const {
    encoded body(message);
    return static_cast<status>(edge_->event->publish(edge_->self, name, body));
  }

 private:
  const edge* edge_;
};

}  // namespace parley
