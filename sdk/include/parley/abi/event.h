/* "parley.event/1": telling whoever listens what has happened. */
#ifndef PARLEY_ABI_EVENT_H
#define PARLEY_ABI_EVENT_H

#include "../abi.h"

#define PARLEY_EVENT_1 "parley.event/1"

typedef struct parley_event_1 {
  uint32_t size;
  uint32_t reserved;
  /* `name` is one the descriptor declares. Handlers run later in this turn or the next, in order of publication; the bytes
   * are copied when anybody listens. In a cluster other nodes' plugins hear it too, at most once, but for the publisher's
   * own kind there. [loop] */
  parley_status (*publish)(parley_generation* self, const char* name, parley_bytes body);
  /* Whether anybody listens: spares the encoding. [loop] */
  int32_t (*heard)(parley_generation* self, const char* name);
} parley_event_1;

#endif
