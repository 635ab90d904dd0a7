// HTTP exchanges that a plugin is answering: each pins its generation until it has ended.
#pragma once

#include <unordered_map>

#include "host/http/http_service.hpp"
#include "host/plugin/generation.hpp"

namespace parley::host {

/// [loop]
class plugin_exchanges {
 public:
  plugin_exchanges(loop& l, http_service& http) : loop_(l), http_(http) {
    http_.on_exchange_end = [this](parley_exchange_id id) { ended(id); };
  }
  ~plugin_exchanges() { http_.on_exchange_end = nullptr; }
  plugin_exchanges(const plugin_exchanges&) = delete;

  /// Answers 503 to what a generation has not answered.
  void cancel(generation& g);
  void serve(generation& g, const parley_route& route, const exchange_view& exchange);
  /// The same of a head, which is answered when this returns, or not at all.
  status ask(generation& g, const parley_route& route, const exchange_view& exchange);

 private:
  void ended(parley_exchange_id id);
  loop& loop_;
  http_service& http_;
  std::unordered_map<parley_exchange_id, pin> pins_;
};

}  // namespace parley::host
