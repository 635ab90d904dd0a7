#include <unistd.h>

#include "support.hpp"

__attribute__((constructor)) void hang() {
  for (;;) pause();
}

BAD_PLUGIN(bad_descriptor("hangs_at_load"))
