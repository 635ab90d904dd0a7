#include "host/node/serving.hpp"

#include "host/node/services.hpp"

namespace parley::host {

result<serving> make_serving(const std::vector<generation*>& active, const away_plugins& away,
                             std::vector<route> routes) {
  auto table = route_table::of(std::move(routes));
  if (!table) return table.failure();
  return serving{std::make_shared<const dispatch_table>(active, away), std::move(*table),
                 event_bus::subscriptions_of(active), control_server::verbs_of(active)};
}

void put_in_place(node_services& services, serving& tables) {
  services.dispatch.swap_table(tables.commands);
  services.http.swap_routes(tables.routes);
  services.events.swap_subscriptions(tables.subscriptions);
  services.control->swap_plugin_verbs(tables.verbs);
}

}  // namespace parley::host
