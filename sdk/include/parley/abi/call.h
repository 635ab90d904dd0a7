/* "parley.call/1": asking another plugin, here or on another node, exactly as a client would. */
#ifndef PARLEY_ABI_CALL_H
#define PARLEY_ABI_CALL_H

#include "../abi.h"

#define PARLEY_CALL_1 "parley.call/1"

typedef struct parley_call {
  uint32_t size;
  uint16_t command;
  uint16_t reserved;
  parley_bytes body;
  parley_principal principal; /* acting for others needs `may_act_for` in the manifest, else PARLEY_NOT_ALLOWED */
  uint32_t deadline_ms;       /* from now; 0 = the host's default of 10 s */
  uint32_t reserved2;
  const char* origin;         /* "file:line", static; shown among pins */
  void* context;
  /* Once, never before call() has returned. `reply` is the owner's first reply, borrowed. [loop] */
  void (*done)(void* context, parley_status status, uint16_t reply_command, parley_bytes reply);
} parley_call;

typedef struct parley_call_1 {
  uint32_t size;
  uint32_t reserved;
  /* A status other than PARLEY_OK means that done will not be called. [loop] */
  parley_status (*call)(parley_generation* self, const parley_call* call);
} parley_call_1;

#endif
