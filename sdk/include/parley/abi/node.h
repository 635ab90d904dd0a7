/* "parley.node/1": this node and its fellows. */
#ifndef PARLEY_ABI_NODE_H
#define PARLEY_ABI_NODE_H

#include "../abi.h"

#define PARLEY_NODE_1 "parley.node/1"

typedef struct parley_endpoint {
  uint32_t size;
  uint32_t port;
  parley_bytes address;        /* as clients can reach it */
  parley_bytes backup_address; /* the same when there is no other */
  uint32_t sessions;
  uint32_t reserved;
} parley_endpoint;

typedef struct parley_node_1 {
  uint32_t size;
  uint32_t reserved;
  /* Where a client connecting from `peer` should go: the least loaded ready node. PARLEY_UNAVAILABLE when none is there,
   * PARLEY_BUSY when all are full. Texts are borrowed until the loop turn ends. [loop] */
  parley_status (*least_loaded)(parley_generation* self, parley_bytes peer, parley_endpoint* out);
  /* Since 1.3. Where a client connecting from `peer` reaches this node, and no other. [loop] */
  parley_status (*own_endpoint)(parley_generation* self, parley_bytes peer, parley_endpoint* out);
  /* Since 1.3. The directory for this plugin's own files, absolute, made when it is not there; valid as long as the
   * generation. Empty in the trial before a load, which keeps nothing. [loop] */
  parley_bytes (*directory)(parley_generation* self);
  /* Since 1.3. Whether this is the plugin's one instance, of those on all nodes, that acts when each of them hears of the
   * same: `key` is whom it is about, by the plugin's choice. Always 1 on a node by itself. Nodes agree as far as they know
   * each other: while one comes or goes two may act, or none. [loop] */
  int32_t (*responsible)(parley_generation* self, uint64_t key);
} parley_node_1;

#endif
