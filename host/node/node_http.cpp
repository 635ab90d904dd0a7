// The node's HTTP routes: its own health and numbers, and the plugins' as their descriptors declare them.
#include "host/http/response.hpp"
#include "host/node/node.hpp"
#include "host/plugin/plugin_frame.hpp"

namespace parley::host {

namespace {

route own(const char* path, http_handler handler) {
  return {"GET", path, false, 0, std::move(handler), "host"};
}

}  // namespace

void plugin_exchanges::serve(generation& g, const parley_route& route, const exchange_view& exchange) {
  pins_[exchange.id].take(g, pin_kind::exchange, "http");
  const auto raw_request = exchange.raw();
  const auto verdict = [&] {
    const plugin_frame frame(g, "http");
    return static_cast<status>(route.handle(g.instance(), &raw_request));
  }();
  if (verdict == status::ok || verdict == status::pending) return;
  http_.respond(exchange.id, code_of(verdict), "text/plain; charset=utf-8", std::string(to_string(verdict)) + "\n");
}

status plugin_exchanges::ask(generation& g, const parley_route& route, const exchange_view& exchange) {
  pins_[exchange.id].take(g, pin_kind::exchange, "http head");
  const auto raw_request = exchange.raw();
  const plugin_frame frame(g, "http");
  return static_cast<status>(route.head(g.instance(), &raw_request));
}

void plugin_exchanges::cancel(generation& g) {
  std::vector<parley_exchange_id> waiting;
  for (const auto& [id, p] : pins_) {
    if (p.of == &g) waiting.push_back(id);
  }
  for (const auto id : waiting) http_.respond(id, 503, "text/plain; charset=utf-8", "the plugin is being replaced\n");
}

// The plugin frame that answered may still be on the stack: the pin goes at the end of the turn.
void plugin_exchanges::ended(parley_exchange_id id) {
  loop_.defer([this, id] { pins_.erase(id); });
}

// Of the node itself only the handlers know, so that any thread may make them.
std::vector<route> node::routes_of(const std::vector<generation*>& active, const away_plugins& away) {
  std::vector<route> routes;
  routes.push_back(
      own("/healthz", [this](const exchange_view& e) { services_.http.respond(e.id, 200, "text/plain", "alive\n"); }));
  routes.push_back(own("/readyz", [this](const exchange_view& e) {
    const bool ready = state_ == node_state::ready && pools_.usable();
    services_.http.respond(e.id, ready ? 200 : 503, "text/plain",
                           ready                         ? "ready\n"
                           : state_ == node_state::ready ? "degraded\n"
                                                         : "not ready\n");
  }));
  routes.push_back(own("/metrics", [this](const exchange_view& e) {
    services_.http.respond(e.id, 200, "text/plain; version=0.0.4", services_.metrics.text());
  }));
  for (auto* g : active) {
    const auto& table = g->descriptor().routes;
    for (std::uint32_t i = 0; i < table.count; ++i) {
      const auto r = table_item<parley_route>(table, i);
      auto& added =
          routes.emplace_back(route{r.method, r.path, r.match == PARLEY_ROUTE_PREFIX, r.max_body,
                                    [this, g, r](const exchange_view& e) { exchanges_.serve(*g, r, e); }, g->name()});
      added.staged = r.flags & PARLEY_ROUTE_STAGED;
      if (r.head) added.head = [this, g, r](const exchange_view& e) { return exchanges_.ask(*g, r, e); };
    }
  }
  for (const auto& info : away) {
    for (const auto& r : info->routes) {
      routes.push_back({r.method, r.path, r.match == PARLEY_ROUTE_PREFIX, r.max_body,
                        [this](const exchange_view& e) {
                          services_.http.respond(e.id, 503, "text/plain", "what serves this is out of service\n");
                        },
                        info->name});
    }
  }
  return routes;
}

}  // namespace parley::host
