/* "parley.cache/1": everything in it can be lost at any moment. Where the cache is another process, its loss is not an
 * error: get answers as for an absent key, set and erase answer PARLEY_OK, add counts from nothing. What was erased or
 * replaced meanwhile is never found again. */
#ifndef PARLEY_ABI_CACHE_H
#define PARLEY_ABI_CACHE_H

#include "../abi.h"

#define PARLEY_CACHE_1 "parley.cache/1"

/* value.data is null when the key is absent. Once, never before the call has returned. [loop] */
typedef void (*parley_cache_done)(void* context, parley_status status, parley_bytes value, int64_t number);

typedef struct parley_cache_1 {
  uint32_t size;
  uint32_t reserved;
  /* Keys up to 256 bytes, values up to 1 MiB; both copied. Keys are prefixed with the plugin's name by the host. A status
   * other than PARLEY_OK means that done will not be called. done may be null where nobody waits. [loop] */
  parley_status (*get)(parley_generation* self, const char* pool, parley_bytes key, void* context, parley_cache_done done);
  /* ttl_ms 0 = until evicted */
  parley_status (*set)(parley_generation* self, const char* pool, parley_bytes key, parley_bytes value, uint64_t ttl_ms,
                       void* context, parley_cache_done done);
  parley_status (*erase)(parley_generation* self, const char* pool, parley_bytes key, void* context, parley_cache_done done);
  /* Adds delta to a number (absent = 0); `number` is the sum. ttl_ms is set when the key is new. */
  parley_status (*add)(parley_generation* self, const char* pool, parley_bytes key, int64_t delta, uint64_t ttl_ms,
                       void* context, parley_cache_done done);
} parley_cache_1;

#endif
