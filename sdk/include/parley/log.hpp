// Log lines of a plugin. [any]
#pragma once

#include <string_view>

#include "bytes.hpp"
#include "edge.hpp"

namespace parley {

class logger {
 public:
  explicit logger(const edge* e) : edge_(e) {}
  void debug(std::string_view text, parley_session_id session = 0) const { write(PARLEY_LOG_DEBUG, text, session); }
  void info(std::string_view text, parley_session_id session = 0) const { write(PARLEY_LOG_INFO, text, session); }
  void warn(std::string_view text, parley_session_id session = 0) const { write(PARLEY_LOG_WARN, text, session); }
  void error(std::string_view text, parley_session_id session = 0) const { write(PARLEY_LOG_ERROR, text, session); }
  bool debugging() const { return edge_->log->enabled(edge_->self, PARLEY_LOG_DEBUG); }

 private:
  void write(std::uint32_t level, std::string_view text, parley_session_id session) const {
    edge_->log->write(edge_->self, level, session, bytes(text));
  }
  const edge* edge_;
};

}  // namespace parley
