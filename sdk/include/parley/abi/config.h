/* "parley.config/1": the plugin's keys from the manifest, checked against the descriptor before create(). */
#ifndef PARLEY_ABI_CONFIG_H
#define PARLEY_ABI_CONFIG_H

#include "../abi.h"

#define PARLEY_CONFIG_1 "parley.config/1"

typedef struct parley_config_1 {
  uint32_t size;
  uint32_t reserved;
  /* Of a declared key; valid as long as the generation. An undeclared key is a fault: empty, 0, and a log line. [any] */
  parley_bytes (*text)(parley_generation* self, const char* key);
  int64_t (*number)(parley_generation* self, const char* key); /* integer, boolean 0/1, milliseconds, bytes */
} parley_config_1;

#endif
