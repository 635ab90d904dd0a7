/* "parley.control/1": answering the verbs of the descriptor. */
#ifndef PARLEY_ABI_CONTROL_H
#define PARLEY_ABI_CONTROL_H

#include "../abi.h"

#define PARLEY_CONTROL_1 "parley.control/1"

typedef struct parley_verb_call {
  uint32_t size;
  uint32_t count;
  parley_verb_id id;
  const parley_bytes* values; /* one per declared arg; data is null when absent; borrowed until the handler returns */
} parley_verb_call;

typedef struct parley_control_1 {
  uint32_t size;
  uint32_t reserved;
  /* Ends the verb. On success `text` is a JSON document (an array of objects is shown as a table); on failure a sentence
   * saying what, where and how to mend. [loop] */
  parley_status (*answer)(parley_generation* self, parley_verb_id verb, parley_status status, parley_bytes text);
  /* A line for the operator while a long verb runs. [loop] */
  parley_status (*progress)(parley_generation* self, parley_verb_id verb, parley_bytes text);
} parley_control_1;

#endif
