// A descriptor without the C++ layer, so that each plugin here can be wrong in its own way.
#pragma once

#include <parley/abi.h>

inline parley_status bad_create(parley_generation*, const parley_host*, void** plugin) {
  static int nothing;
  *plugin = &nothing;
  return PARLEY_OK;
}
inline void bad_destroy(void*) {}

constexpr parley_plugin_descriptor bad_descriptor(const char* name) {
  parley_plugin_descriptor d{};
  d.size = sizeof d;
  d.abi_major = PARLEY_ABI_MAJOR;
  d.abi_minor = PARLEY_ABI_MINOR;
  d.name = name;
  d.version = "1.0.0";
  d.summary = "is wrong on purpose";
  d.create = bad_create;
  d.destroy = bad_destroy;
  return d;
}

#define BAD_PLUGIN(expression) \
  extern "C" __attribute__((visibility("default"))) constinit const parley_plugin_descriptor parley_plugin = expression;
