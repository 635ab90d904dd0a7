// How the plugins here die, so that no optimizer talks them out of it.
#pragma once

/// A write to an address that is never mapped.
[[gnu::noinline]] inline void crash_here() {
  *reinterpret_cast<volatile int*>(0x10) = 1;
}
