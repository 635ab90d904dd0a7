// State from one generation to the next: bytes with the version of their writer.
#pragma once

#include <cstdint>
#include <string>

#include "parley/status.hpp"

namespace parley::host {

class generation;

struct plugin_state {
  bool any = false;  // false: the plugin hands over nothing
  std::uint32_t version = 0;
  std::string bytes;
};

/// What `g` has to hand over. It goes on as if nothing had been asked. The error names the plugin, and the manifest key
/// when the state is larger than `limit` bytes. [loop]
result<plugin_state> save_state(generation& g, std::size_t limit);

/// Gives it to a generation that does not serve. One that declares no state gets none. [loop]
result<void> restore_state(generation& g, const plugin_state& state);

}  // namespace parley::host
