#include "host/dispatch/events.hpp"

#include "host/plugin/plugin_frame.hpp"

namespace parley::host {

event_bus::subscription_table event_bus::subscriptions_of(const std::vector<generation*>& generations) {
  subscription_table out;
  for (auto* g : generations) {
    const auto& table = g->descriptor().subscriptions;
    for (std::uint32_t i = 0; i < table.count; ++i) {
      auto s = table_item<parley_subscription>(table, i);
      out[s.event].push_back({g, s.handle});
    }
  }
  return out;
}

void event_bus::publish(std::string_view name, parley_bytes body, std::string_view publisher) {
  if (carry) carry(name, publisher, {static_cast<const char*>(body.data), body.size});
  publish_here(name, body);
}

void event_bus::publish_here(std::string_view name, parley_bytes body, std::string_view not_for) {
  ++published_;
  if (!heard_here(name)) return;
  if (queue_.size() >= 100000) {
    ++dropped_;
    return;
  }
  queue_.push_back(
      {std::string(name), std::string(static_cast<const char*>(body.data), body.size), std::string(not_for)});
  if (scheduled_) return;
  scheduled_ = true;
  loop_.defer([this] { deliver(); });
}

void event_bus::deliver() {
  scheduled_ = false;
  // What handlers publish meanwhile is delivered too, in the order it came.
  while (!queue_.empty()) {
    auto e = std::move(queue_.front());
    queue_.pop_front();
    auto found = subscriptions_.find(e.name);
    if (found != subscriptions_.end()) {
      for (const auto& s : found->second) {
        if (!e.not_for.empty() && e.not_for == s.owner->name()) continue;
        const plugin_frame frame(*s.owner, "event");
        s.handle(s.owner->instance(), {e.body.data(), e.body.size()});
      }
    }
    if (observer) observer(e.name, e.body);
  }
}

}  // namespace parley::host
