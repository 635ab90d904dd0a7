/* "parley.log/1" */
#ifndef PARLEY_ABI_LOG_H
#define PARLEY_ABI_LOG_H

#include "../abi.h"

#define PARLEY_LOG_1 "parley.log/1"

enum { PARLEY_LOG_DEBUG = 1, PARLEY_LOG_INFO = 2, PARLEY_LOG_WARN = 3, PARLEY_LOG_ERROR = 4 };

typedef struct parley_log_1 {
  uint32_t size;
  uint32_t reserved;
  /* The host adds time, plugin, generation and the session (0 = none); control characters are escaped. [any] */
  void (*write)(parley_generation* self, uint32_t level, parley_session_id session, parley_bytes text);
  int32_t (*enabled)(parley_generation* self, uint32_t level); /* [any] */
} parley_log_1;

#endif
