// Every message that a client, a server or a plugin may be sent, parsed as the SDK does it: whatever parses can be
// encoded again without throwing.
#include <string_view>

#include "IM.Buddy.pb.h"
#include "IM.File.pb.h"
#include "IM.Group.pb.h"
#include "IM.Login.pb.h"
#include "IM.Message.pb.h"
#include "IM.SwitchService.pb.h"
#include "Parley.Files.pb.h"
#include "Parley.Friends.pb.h"
#include "Parley.Group.pb.h"
#include "Parley.Host.pb.h"
#include "Parley.Presence.pb.h"
#include "events/group.pb.h"
#include "events/message.pb.h"
#include "events/session.pb.h"
#include "events/user.pb.h"
#include "parley/bytes.hpp"

namespace {

template <class Message>
void try_one(std::string_view body) {
  Message message;
  if (!parley::decode(message, body)) return;
  parley::encoded again(message);
  Message copy;
  if (!parley::decode(copy, parley::view(again))) __builtin_trap();
}

template <class... Messages>
void pick(unsigned which, std::string_view body) {
  unsigned i = 0;
  ((i++ == which % sizeof...(Messages) ? try_one<Messages>(body) : void()), ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 1) return 0;
  using namespace IM;
  pick<Login::IMMsgServReq, Login::IMLoginReq, Login::IMLogoutReq, Login::IMDeviceTokenReq, Login::IMKickPCClientReq,
       Login::IMPushShieldReq, Login::IMQueryPushShieldReq, Buddy::IMRecentContactSessionReq, Buddy::IMUsersInfoReq,
       Buddy::IMRemoveSessionReq, Buddy::IMAllUserReq, Buddy::IMUsersStatReq, Buddy::IMChangeAvatarReq,
       Buddy::IMDepartmentReq, Buddy::IMChangeSignInfoReq, Message::IMMsgData, Message::IMMsgDataAck,
       Message::IMMsgDataReadAck, Message::IMClientTimeReq, Message::IMUnreadMsgCntReq, Message::IMGetMsgListReq,
       Message::IMGetLatestMsgIdReq, Message::IMGetMsgByIdReq, Group::IMNormalGroupListReq, Group::IMGroupInfoListReq,
       Group::IMGroupCreateReq, Group::IMGroupChangeMemberReq, Group::IMGroupShieldReq, File::IMFileLoginReq,
       File::IMFileState, File::IMFilePullDataReq, File::IMFilePullDataRsp, File::IMFileReq, File::IMFileHasOfflineReq,
       SwitchService::IMP2PCmdMsg, Login::IMMsgServRsp, Login::IMLoginRes, Login::IMLogoutRsp, Login::IMKickUser,
       Login::IMDeviceTokenRsp, Login::IMKickPCClientRsp, Login::IMPushShieldRsp, Login::IMQueryPushShieldRsp,
       Buddy::IMRecentContactSessionRsp, Buddy::IMUserStatNotify, Buddy::IMUsersInfoRsp, Buddy::IMRemoveSessionRsp,
       Buddy::IMAllUserRsp, Buddy::IMUsersStatRsp, Buddy::IMPCLoginStatusNotify, Buddy::IMRemoveSessionNotify,
       Buddy::IMDepartmentRsp, Message::IMMsgDataReadNotify, Message::IMClientTimeRsp, Message::IMUnreadMsgCntRsp,
       Message::IMGetMsgListRsp, Message::IMGetLatestMsgIdRsp, Message::IMGetMsgByIdRsp, parley::host::IMRefused,
       parley::host::IMMoved, parley::friends::IMFriendAddReq, parley::friends::IMFriendAddRsp,
       parley::friends::IMFriendAskedNotify, parley::friends::IMFriendPendingReq, parley::friends::IMFriendPendingRsp,
       parley::friends::IMFriendAnswerReq, parley::friends::IMFriendAnswerRsp, parley::friends::IMFriendAnsweredNotify,
       parley::friends::IMFriendDeleteReq, parley::friends::IMFriendDeleteRsp, parley::friends::IMFriendListReq,
       parley::friends::IMFriendListRsp, parley::friends::IMFriendChangedNotify, parley::friends::IMFriendRemarkReq,
       parley::friends::IMFriendRemarkRsp, parley::friends::IMFriendMoveReq, parley::friends::IMFriendMoveRsp,
       parley::friends::IMGroupingCreateReq, parley::friends::IMGroupingRenameReq, parley::friends::IMGroupingDeleteReq,
       parley::friends::IMGroupingOrderReq, parley::friends::IMGroupingsRsp, parley::friends::IMBlockReq,
       parley::friends::IMUnblockReq, parley::friends::IMBlockRsp, parley::friends::IMBlockListReq,
       parley::friends::IMBlockListRsp, parley::group::MyGroupsReq, parley::group::MyGroupsRsp, parley::group::LeaveReq,
       parley::group::LeaveRsp, parley::group::DissolveReq, parley::group::DissolveRsp, parley::group::ChangeProfileReq,
       parley::group::ChangeProfileRsp, parley::group::HandOverReq, parley::group::HandOverRsp,
       parley::group::InviteReq, parley::group::InviteRsp, parley::group::InvitationsReq, parley::group::InvitationsRsp,
       parley::group::AnswerInvitationReq, parley::group::AnswerInvitationRsp, parley::group::ProfileNotify,
       parley::group::OwnerNotify, parley::group::DissolvedNotify, parley::group::InvitationNotify,
       parley::presence::IMPresenceSetReq, parley::presence::IMPresenceSetRsp, parley::files::UploadTokenReq,
       parley::files::UploadTokenRsp, parley::events::GroupChanged, parley::events::MessageCommitted,
       parley::events::SessionOpened, parley::events::SessionClosed, parley::events::UserChanged>(
      bytes[0], {reinterpret_cast<const char*>(bytes) + 1, size - 1});
  return 0;
}
