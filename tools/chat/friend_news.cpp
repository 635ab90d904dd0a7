#include "chat/chat.hpp"

namespace parley::chat {

void chat::tell_friend_request(const friends::IMPendingFriend& from) {
  const std::string name = phrases_.who(from.user_id());
  view_.notice(name + " asks to be your friend" + (from.text().empty() ? "" : ": " + client::printable(from.text())) +
               "; /friend accept " + name + " or /friend refuse " + name);
}

void chat::friend_asked(const friends::IMFriendAskedNotify& notice) {
  std::erase_if(friend_requests_, [&](const auto& each) { return each.user_id() == notice.pending().user_id(); });
  friend_requests_.push_back(notice.pending());
  with_profiles({notice.pending().user_id()}, [this, from = notice.pending()] { tell_friend_request(from); });
}

void chat::friend_answered(const friends::IMFriendAnsweredNotify& notice) {
  const bool mine = notice.answerer_id() == me_.user_id;  // on another terminal
  const std::uint32_t other = mine ? notice.asker_id() : notice.answerer_id();
  refresh_friends(false);
  with_profiles({other}, [this, notice, mine, other] {
    const std::string who = phrases_.who(other);
    const std::string text = notice.text().empty() || mine ? "" : ": " + client::printable(notice.text());
    if (notice.accept()) return view_.notice(who + " is your friend now" + text);
    view_.notice((mine ? "you refused " + who : who + " does not want to be your friend") + text);
  });
}

void chat::friends_changed(const friends::IMFriendChangedNotify& notice) {
  if (notice.revision() != friends_.revision()) refresh_friends(true);
}

}  // namespace parley::chat
