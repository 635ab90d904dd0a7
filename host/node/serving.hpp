// Who serves what: all tables of a node, made beside the loop and put in place within one turn.
#pragma once

#include <memory>
#include <vector>

#include "host/control/control_server.hpp"
#include "host/dispatch/events.hpp"
#include "host/dispatch/table.hpp"
#include "host/http/routes.hpp"

namespace parley::host {

struct node_services;

using away_plugins = std::vector<std::shared_ptr<const plugin_info>>;

struct serving {
  std::shared_ptr<const dispatch_table> commands;
  std::shared_ptr<const route_table> routes;
  event_bus::subscription_table subscriptions;
  control_server::verb_table verbs;
};

/// `active` in the manifest's order; `away` are known, but nobody serves them. The error names every conflict between
/// routes. [any]
result<serving> make_serving(const std::vector<generation*>& active, const away_plugins& away,
                             std::vector<route> routes);
/// The tables that served before are in `tables` then; freeing them costs as much as making them. [loop]
void put_in_place(node_services& services, serving& tables);

}  // namespace parley::host
