/* "parley.operate/1", since 1.4: running a control verb, the host's or another plugin's, as parleyctl does. Optional: what
 * may run on older hosts looks at parley_host.abi_minor before it asks for the table. */
#ifndef PARLEY_ABI_OPERATE_H
#define PARLEY_ABI_OPERATE_H

#include "../abi.h"

#define PARLEY_OPERATE_1 "parley.operate/1"

typedef struct parley_operation {
  uint32_t size;
  uint32_t deadline_ms; /* from now; 0 = the host's default of 30 s. The verb itself goes on behind it */
  parley_bytes verb;    /* "users list" */
  parley_bytes args;    /* a JSON object of plain values, by name as `parleyctl verbs` shows them; empty = none */
  const char* origin;   /* "file:line", static; shown among pins */
  void* context;
  /* What a long verb tells meanwhile, a line at a time; null when nobody cares. [loop] */
  void (*progress)(void* context, parley_bytes line);
  /* Once, never before run() has returned. `text` is the JSON document that the verb answered, or with another status than
   * PARLEY_OK a sentence; borrowed. [loop] */
  void (*done)(void* context, parley_status status, parley_bytes text);
} parley_operation;

typedef struct parley_operate_1 {
  uint32_t size;
  uint32_t reserved;
  /* A status other than PARLEY_OK means that done will not be called: PARLEY_NOT_ALLOWED unless the manifest's
   * `may_operate` grants the verb's first word, PARLEY_BUSY while too many run. [loop] */
  parley_status (*run)(parley_generation* self, const parley_operation* what);
} parley_operate_1;

#endif
