#include <algorithm>

#include "host/config/manifest_parts.hpp"
#include "host/config/pool_url.hpp"
#include "host/config/redis_url.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

constexpr std::size_t shortest_secret = 16;

void read_redis(const value& url, cluster_config& out) {
  if (!url.is_scalar(redis_url_forms)) return;
  const yaml_node& node = url.node();
  if (has_literal_password(node.source.empty() ? node.text : node.source)) {
    url.report("secrets are never in the file: write the password as ${NAME} and set NAME in the environment");
  }
  const auto address = parse_redis_url(node.text);
  if (!address) return url.report(address.text());
  out.redis = node.text;
}

void read_secret(const value& secret, cluster_config& out) {
  if (!secret.is_scalar("${NAME}")) return;
  const yaml_node& node = secret.node();
  if (node.source.empty() || node.source.find(":-") != std::string::npos) {
    return secret.report("secrets are never in the file: write ${NAME} and set NAME in the environment");
  }
  if (node.text.size() < shortest_secret) {
    return secret.report("expected at least " + std::to_string(shortest_secret) + " characters, found " +
                         std::to_string(node.text.size()) + ": `openssl rand -hex 32` makes a good one");
  }
  out.secret = node.text;
}

void check_link_listener(const fields& cluster, const manifest& out) {
  const auto links = std::count_if(out.listeners.begin(), out.listeners.end(),
                                   [](const auto& l) { return l.kind == listener_kind::link; });
  if (links == 1) return;
  cluster.report(links == 0 ? "needs a listener of kind link, where the other nodes reach this one"
                            : "needs one listener of kind link, found " + std::to_string(links));
}

}  // namespace

void read_cluster(reading& r, fields& top, manifest& out) {
  const yaml_entry* entry = top.find("cluster");
  const bool none = !entry || (entry->value.type == yaml_node::kind::scalar && entry->value.text == "none");
  if (none) {
    for (const auto& l : out.listeners) {
      if (l.kind != listener_kind::link) continue;
      r.errors.push_back({l.at, "a listener of kind link is of no use with cluster: none: remove one of them"});
    }
    return;
  }
  if (entry->value.type == yaml_node::kind::scalar) {
    return r.report(entry->value.at,
                    "cluster: expected none, or a map with redis: and secret:, found " +
                        in_quotes(entry->value.source.empty() ? entry->value.text : entry->value.source));
  }
  if (!is_map(r, entry->value, "cluster")) return;
  fields cluster(r, entry->value, "cluster");
  out.cluster.at = cluster.at();
  cluster.require("redis", redis_url_forms);
  if (const auto* url = cluster.find("redis")) read_redis(cluster.value_of(*url), out.cluster);
  cluster.require("secret", "${NAME}, the same for all nodes");
  if (const auto* secret = cluster.find("secret")) read_secret(cluster.value_of(*secret), out.cluster);
  cluster.duration("lease", out.cluster.lease, {500, 600'000});
  cluster.duration("deadline", out.cluster.deadline, {100, 600'000});
  cluster.duration("link_timeout", out.cluster.link_timeout, {100, 600'000});
  cluster.size("link_queue", out.cluster.link_queue, {1 << 20, std::int64_t{1} << 34});
  cluster.duration("connect_timeout", out.cluster.connect_timeout, {1, 60'000});
  cluster.duration("command_timeout", out.cluster.command_timeout, {1, 60'000});
  cluster.finish();
  check_link_listener(cluster, out);
}

}  // namespace parley::host
