#include "host/plugin/handoff.hpp"

#include "host/plugin/generation.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

namespace {

std::string named(const generation& g) {
  return "plugin " + g.name() + " generation " + std::to_string(g.number());
}

struct saving {
  std::string bytes;
  std::size_t limit;
  std::size_t wanted = 0;
};

}  // namespace

result<plugin_state> save_state(generation& g, std::size_t limit) {
  const auto& d = g.descriptor();
  if (!d.save) return plugin_state{};
  saving s{{}, limit};
  const auto saved = d.save(g.instance(), &s, [](void* context, parley_bytes part) {
    auto& into = *static_cast<saving*>(context);
    into.wanted += part.size;
    if (into.wanted <= into.limit) into.bytes.append(view(part));
  });
  if (saved != PARLEY_OK) {
    return error{status::refused, named(g) + " does not save its state (" +
                                      std::string(to_string(static_cast<status>(saved))) + "); the log says more"};
  }
  if (s.wanted > limit) {
    return error{status::too_large, named(g) + " hands over " + std::to_string(s.wanted) +
                                        " bytes of state, and reload.state_limit is " + std::to_string(limit) +
                                        ": keep what is large in SQL, or raise the limit"};
  }
  return plugin_state{true, g.info().state_version, std::move(s.bytes)};
}

result<void> restore_state(generation& g, const plugin_state& state) {
  const auto& d = g.descriptor();
  if (!state.any || !d.restore) return {};
  const auto restored = d.restore(g.instance(), state.version, bytes(state.bytes));
  if (restored == PARLEY_OK) return {};
  return error{status::refused,
               named(g) + " refuses the state that it was handed: version " + std::to_string(state.version) +
                   ", its own is " + std::to_string(g.info().state_version) + " (" +
                   std::string(to_string(static_cast<status>(restored))) + "): give it a converter from that version"};
}

}  // namespace parley::host
