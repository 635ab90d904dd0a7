#include <parley/commands.hpp>

#include "chat/chat.hpp"

namespace parley::chat {

bool chat::block(words& given) {
  const std::string name = given.rest();
  if (name.empty()) return false;
  with_person(name, [this](std::uint32_t id) {
    friends::IMBlockReq request;
    request.set_peer_id(id);
    ask<friends::IMBlockRsp>(cid::friends_block_req, request, "not blocked",
                             [this, id](const auto& answer) { tell_blocked(id, answer.blocked()); });
  });
  return true;
}

bool chat::unblock(words& given) {
  const std::string name = given.rest();
  if (name.empty()) return false;
  with_person(name, [this](std::uint32_t id) {
    friends::IMUnblockReq request;
    request.set_peer_id(id);
    ask<friends::IMBlockRsp>(cid::friends_unblock_req, request, "not unblocked",
                             [this, id](const auto& answer) { tell_blocked(id, answer.blocked()); });
  });
  return true;
}

void chat::tell_blocked(std::uint32_t user_id, bool blocked) {
  view_.notice(phrases_.who(user_id) + (blocked ? " is blocked" : " is not blocked"));
}

bool chat::blocks(words& given) {
  if (!given.empty()) return false;
  ask<friends::IMBlockListRsp>(
      cid::friends_blocks_req, friends::IMBlockListReq(), "blocks", [this](const auto& answer) {
        if (answer.blocks().empty()) return view_.notice("you block nobody");
        std::vector<std::uint32_t> ids;
        for (const auto& each : answer.blocks()) ids.push_back(each.user_id());
        with_profiles(ids, [this, list = answer.blocks()] {
          for (const auto& each : list) {
            view_.plain(view_.dim(view::clock(each.since())) + " " + phrases_.who(each.user_id()));
          }
        });
      });
  return true;
}

}  // namespace parley::chat
