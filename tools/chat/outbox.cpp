#include "chat/outbox.hpp"

#include <algorithm>

namespace parley::chat {

outbox::item& outbox::add(peer to, std::string text, std::string sealed, std::string client_msg_id) {
  return items_.emplace_back(item{std::move(client_msg_id), to, std::move(text), std::move(sealed)});
}

outbox::item* outbox::find(std::string_view client_msg_id) {
  const auto found = std::ranges::find(items_, client_msg_id, &item::client_msg_id);
  return found == items_.end() ? nullptr : &*found;
}

void outbox::settle(std::string_view client_msg_id) {
  items_.remove_if([&](const item& each) { return each.client_msg_id == client_msg_id; });
}

void outbox::connection_lost() {
  for (item& each : items_) {
    if (each.at != stage::refused) each.at = stage::unsent;
  }
}

std::size_t outbox::under_way() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      items_, [](const item& each) { return each.at == stage::unsent || each.at == stage::waiting; }));
}

}  // namespace parley::chat
