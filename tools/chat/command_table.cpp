#include "chat/chat.hpp"

namespace parley::chat {

/// Everything that can be typed, as /help shows it.
std::span<const chat::family> chat::families() {
  static constexpr command talking[] = {
      {"/who", "", "everybody, with those online first", &chat::who},
      {"/to", "NAME|#GROUP", "open the chat: shows the last messages and marks them read", &chat::to},
      {"/history", "[N]", "the last N messages of the open chat", &chat::history},
      {"/unread", "", "how much is unread, and from whom", &chat::unread},
      {"/recent", "", "the latest conversations", &chat::recent},
      {"/resend", "", "send again what was not acknowledged; nothing arrives twice", &chat::resend},
  };
  static constexpr command groups[] = {
      {"/groups", "", "the groups you are in", &chat::groups},
      {"/group new", "NAME MEMBER...", "make a group, and open it", &chat::group_new},
      {"/members", "[#GROUP]", "who is in it", &chat::members},
      {"/group add", "[#GROUP] MEMBER...", "take them in", &chat::group_add},
      {"/group remove", "[#GROUP] MEMBER...", "for the owner: put them out", &chat::group_remove},
      {"/group leave", "[#GROUP]", "leave it; what is there stays with the others", &chat::group_leave, 1},
      {"/group rename", "[#GROUP] NAME", "for the owner: another name", &chat::group_rename, 1},
      {"/group owner", "[#GROUP] MEMBER", "for the owner: hand it over", &chat::group_owner, 1},
      {"/group dissolve", "[#GROUP]", "for the owner: end it for everybody", &chat::group_dissolve, 1},
      {"/group invite", "[#GROUP] MEMBER... [\"TEXT\"]", "ask them to join", &chat::group_invite, 1},
      {"/invitations", "", "the groups you are asked to join", &chat::invitations, 1},
      {"/accept", "[#GROUP]", "join the group you are invited to", &chat::accept, 1},
      {"/decline", "[#GROUP]", "or do not", &chat::decline, 1},
      {"/mute", "[#GROUP]", "no more notifications from it on your phone", &chat::mute},
      {"/unmute", "[#GROUP]", "and again", &chat::unmute},
  };
  static constexpr command files[] = {
      {"/send", "PATH", "a file to the person of the open chat; on the server if there is no PC to take it",
       &chat::send_file},
      {"/drop", "PATH", "the same, left on the server until it is fetched", &chat::drop_file},
      {"/files", "", "the files that wait for you, and those under way", &chat::show_files},
      {"/fetch", "N [PATH]", "take file N; again goes on where it was interrupted", &chat::fetch_file},
      {"/refuse", "N", "or do not", &chat::refuse_file},
      {"/cancel", "N", "stop what is under way", &chat::cancel_file},
      {"/picture", "PATH", "show a picture in the open chat", &chat::send_picture},
      {"/save", "N [PATH]", "picture N into a file", &chat::save_picture},
  };
  static constexpr command friends[] = {
      {"/friends", "", "your friends, and who wants to be one", &chat::show_friends, 1},
      {"/friend add", "NAME [TEXT]", "ask somebody to be your friend", &chat::friend_add, 1},
      {"/friend accept", "NAME", "who asked you is your friend", &chat::friend_accept, 1},
      {"/friend refuse", "NAME", "or is not", &chat::friend_refuse, 1},
      {"/friend remove", "NAME", "end it, or take your request back", &chat::friend_remove, 1},
      {"/friend remark", "NAME [TEXT]", "a note that only you see; none takes it off", &chat::friend_remark, 1},
      {"/friend groups", "", "the groups you sort your friends into; only you see them", &chat::grouping_list, 1},
      {"/friend group new", "NAME", "make one", &chat::grouping_new, 1},
      {"/friend group rename", "NAME NEW-NAME", "call it otherwise", &chat::grouping_rename, 1},
      {"/friend group delete", "NAME", "its friends are in none then", &chat::grouping_delete, 1},
      {"/friend group move", "FRIEND [NAME]", "put a friend into it, or into none", &chat::grouping_move, 1},
      {"/friend group order", "NAME...", "these first", &chat::grouping_order, 1},
      {"/block", "NAME", "hear nothing from somebody; it is not told", &chat::block, 1},
      {"/unblock", "NAME", "hear from somebody again", &chat::unblock, 1},
      {"/blocks", "", "whom you block", &chat::blocks, 1},
  };
  static constexpr command yourself[] = {
      {"/away", "", "others see that you are away", &chat::away, 1},
      {"/back", "", "and that you are back", &chat::back, 1},
      {"/wait", "[SECONDS|files]", "for scripts: the next line is read that much later, or when no file is under way",
       &chat::wait},
      {"/help", "[/COMMAND]", "this", &chat::help},
      {"/quit", "", "leave (also Ctrl-D)", &chat::leave_chat},
  };
  static constexpr family all[] = {{"talking", talking},
                                   {"groups", groups},
                                   {"files and pictures", files},
                                   {"friends", friends},
                                   {"yourself", yourself}};
  return all;
}

}  // namespace parley::chat
