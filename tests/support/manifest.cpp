#include "support/manifest.hpp"

namespace parley::test {

std::string small_manifest(const std::string& plugins) {
  return R"(node: {name: test, data: "${PARLEY_DATA}"}
log: {level: "${PARLEY_LOG:-info}"}
listeners:
  - {name: clients, kind: pdu, port: 0, heartbeat: 0x0701}
  - {name: web, kind: http, port: 0}
pools:
  main: {kind: sql, url: "${PARLEY_SQL:-sqlite://${PARLEY_DATA}/parley.db}"}
  cpu: {kind: workers}
  cache: {kind: cache}
plugins:
)" + plugins;
}

}  // namespace parley::test
