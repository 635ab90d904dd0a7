/* "parley.lane/1": group commit. The lanes themselves stand in the descriptor (parley_lane).
 *
 * While one batch commits the next collects: no timer, no added latency when idle, throughput that grows with load. A batch
 * never mixes items of two generations. */
#ifndef PARLEY_ABI_LANE_H
#define PARLEY_ABI_LANE_H

#include "../abi.h"

#define PARLEY_LANE_1 "parley.lane/1"

typedef struct parley_lane_1 {
  uint32_t size;
  uint32_t reserved;
  /* Items of one key are served in order. `item` belongs to the caller and stays put until done(item, status), which is
   * called once and never before enqueue has returned. PARLEY_BUSY or PARLEY_UNAVAILABLE: done will not be called. [loop] */
  parley_status (*enqueue)(parley_generation* self, uint32_t lane, uint64_t key, void* item, const char* origin,
                           void (*done)(void* item, parley_status status));
} parley_lane_1;

#endif
