#include "support.hpp"

parley_status no(parley_generation*, const parley_host*, void**) {
  return PARLEY_UNAVAILABLE;
}

constexpr parley_plugin_descriptor make() {
  auto d = bad_descriptor("create_fails");
  d.create = no;
  return d;
}
BAD_PLUGIN(make())
