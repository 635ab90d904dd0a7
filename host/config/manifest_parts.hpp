// The sections of a manifest, one function each.
#pragma once

#include "host/config/fields.hpp"

namespace parley::host {

void read_node(reading& r, fields& top, manifest& out);
void read_log(reading& r, fields& top, manifest& out);
void read_reload(reading& r, fields& top, manifest& out);
/// After the listeners.
void read_cluster(reading& r, fields& top, manifest& out);
void read_listeners(reading& r, fields& top, manifest& out);
void read_pools(reading& r, fields& top, manifest& out);
void read_plugins(reading& r, fields& top, manifest& out);

/// Items of a listener's `idle_by_tag`, `rates` and `commands`.
void read_idle_rule(reading& r, const value& item, listener_config& out);
void read_rate(reading& r, const value& item, listener_config& out);
void read_served_range(const value& item, listener_config& out);

/// A name for logs and metrics: letters, digits, `_`, `-` and `.`, beginning with a letter or digit.
result<std::string> parse_label(const std::string& text);

}  // namespace parley::host
