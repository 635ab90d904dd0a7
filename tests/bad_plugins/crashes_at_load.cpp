#include "support.hpp"

int* volatile nowhere = nullptr;
__attribute__((constructor)) void crash() {
  *nowhere = 1;
}

BAD_PLUGIN(bad_descriptor("crashes_at_load"))
