/* "parley.metrics/1": numbers of a plugin in /metrics. */
#ifndef PARLEY_ABI_METRICS_H
#define PARLEY_ABI_METRICS_H

#include "../abi.h"

#define PARLEY_METRICS_1 "parley.metrics/1"

enum { PARLEY_COUNTER = 0, PARLEY_GAUGE = 1, PARLEY_HISTOGRAM = 2 };

typedef struct parley_metrics_1 {
  uint32_t size;
  uint32_t reserved;
  /* The same name gives the same id; shown as parley_<plugin>_<name>. Histograms take microseconds. At most 256 per plugin,
   * then 0, which add() ignores. Strings are static. [loop] */
  uint32_t (*define)(parley_generation* self, uint32_t kind, const char* name, const char* help);
  /* Counter: adds. Gauge: sets. Histogram: observes. [any] */
  void (*add)(parley_generation* self, uint32_t metric, int64_t value);
} parley_metrics_1;

#endif
