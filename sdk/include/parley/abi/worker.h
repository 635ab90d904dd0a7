/* "parley.worker/1": CPU and file jobs beside the loop. */
#ifndef PARLEY_ABI_WORKER_H
#define PARLEY_ABI_WORKER_H

#include "../abi.h"

#define PARLEY_WORKER_1 "parley.worker/1"

typedef struct parley_work {
  uint32_t size;
  uint32_t deadline_ms; /* from now; a job still queued then is not started. 0 = none */
  const char* pool;
  const char* origin;
  void* context;
  parley_status (*work)(void* context);              /* [worker] */
  void (*done)(void* context, parley_status status); /* once, never before run() has returned [loop] */
} parley_work;

typedef struct parley_work_load {
  uint32_t size;
  uint32_t threads;
  uint32_t queued;
  uint32_t running;
  uint32_t capacity; /* jobs the queue holds at most */
  uint32_t reserved;
} parley_work_load;

typedef struct parley_worker_1 {
  uint32_t size;
  uint32_t reserved;
  /* PARLEY_BUSY when the queue is full: done will not be called. [loop] */
  parley_status (*run)(parley_generation* self, const parley_work* work);
  parley_status (*load)(parley_generation* self, const char* pool, parley_work_load* out); /* [loop] */
} parley_worker_1;

#endif
