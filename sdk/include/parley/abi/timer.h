/* "parley.timer/1" */
#ifndef PARLEY_ABI_TIMER_H
#define PARLEY_ABI_TIMER_H

#include "../abi.h"

#define PARLEY_TIMER_1 "parley.timer/1"

typedef struct parley_timer_1 {
  uint32_t size;
  uint32_t reserved;
  /* Fires after delay_ms, then every repeat_ms (0 = once). The host stops it with the generation. [loop] */
  parley_timer_id (*start)(parley_generation* self, uint64_t delay_ms, uint64_t repeat_ms, const char* origin, void* context,
                           void (*fire)(void* context));
  /* After it returns, fire is not called again. A stale id is ignored. [loop] */
  void (*stop)(parley_generation* self, parley_timer_id timer);
} parley_timer_1;

#endif
