// The groups one is in: asked for, made, changed, and what others do to them.
import { GroupModifyType, GroupType } from 'proto/IM.BaseDefine_pb';
import {
  IMGroupChangeMemberNotifySchema, IMGroupChangeMemberReqSchema, IMGroupChangeMemberRspSchema, IMGroupCreateReqSchema,
  IMGroupCreateRspSchema, IMGroupInfoListReqSchema, IMGroupInfoListRspSchema,
} from 'proto/IM.Group_pb';
import {
  ChangeProfileReqSchema, ChangeProfileRspSchema, DissolvedNotifySchema, LeaveReqSchema, LeaveRspSchema, MyGroupsReqSchema,
  MyGroupsRspSchema, OwnerNotifySchema, ProfileNotifySchema,
} from 'proto/Parley.Group_pb';
import { cid } from 'proto/commands';
import type { Pdu } from 'parley/pdu';
import { read, Refused, type Line } from '../wire/line';
import type { Context } from './context';
import { keyOf, type Key } from './conversation';

const mostMet = 200;

export class Groups {
  constructor(
    private readonly all: Context,
    private readonly on: { meet(id: number): Promise<void>; left(key: Key): void },
  ) {}

  async catchUp(line: Line): Promise<void> {
    const gone = new Set(this.all.people.groups.keys());
    for (let after = 0, more = true; more; ) {
      await line.askAll(cid.group_mine_request, MyGroupsReqSchema, { afterGroupId: after }, MyGroupsRspSchema, (answer) => {
        for (const each of answer.group) {
          this.all.people.addGroup(each);
          gone.delete(each.groupId);
          after = each.groupId;
        }
        more = answer.more;
        return !answer.last;
      });
    }
    for (const id of gone) this.noMember(id);
    this.all.changed();
  }

  /** A group this page has not met, or more of one than it was told. */
  news(): void {
    const line = this.all.open();
    if (line) void this.catchUp(line).catch(() => {});
  }

  async create(name: string, members: number[]): Promise<Key> {
    const answer = await this.all.line().ask(cid.group_create_request, IMGroupCreateReqSchema, {
      userId: this.all.myId, groupType: GroupType.TMP, groupName: name, groupAvatar: '', memberIdList: [...new Set([this.all.myId, ...members])],
    }, IMGroupCreateRspSchema);
    if (answer.resultCode !== 0) throw new Refused(answer.refusedCode, answer.refusedText);
    await this.catchUp(this.all.line());
    return keyOf(true, answer.groupId);
  }

  async askMembers(id: number): Promise<void> {
    const answer = await this.all.line().ask(cid.group_info_request, IMGroupInfoListReqSchema,
      { userId: this.all.myId, groupVersionList: [{ groupId: id, version: 0 }] }, IMGroupInfoListRspSchema);
    const group = this.all.people.groups.get(id);
    const info = answer.groupInfoList[0];
    if (!group || !info) return;
    group.members = info.groupMemberList;
    group.size = info.groupMemberList.length;
    group.owner = info.groupCreatorId;
    for (const each of info.groupMemberList.slice(0, mostMet)) void this.on.meet(each);
    this.all.changed();
  }

  async add(id: number, members: number[]): Promise<void> {
    const answer = await this.all.line().ask(cid.group_change_member_request, IMGroupChangeMemberReqSchema,
      { userId: this.all.myId, groupId: id, memberIdList: members, changeType: GroupModifyType.ADD }, IMGroupChangeMemberRspSchema);
    if (answer.resultCode !== 0) throw new Refused(answer.refusedCode, answer.refusedText);
    await this.askMembers(id);
  }

  async rename(id: number, name: string): Promise<void> {
    const answer = await this.all.line().ask(cid.group_change_profile_request, ChangeProfileReqSchema, { groupId: id, name }, ChangeProfileRspSchema);
    const group = this.all.people.groups.get(id);
    if (group) group.name = answer.name;
    this.all.changed();
  }

  async leave(id: number): Promise<void> {
    await this.all.line().ask(cid.group_leave_request, LeaveReqSchema, { groupId: id }, LeaveRspSchema);
    this.noMember(id);
  }

  private noMember(id: number): void {
    this.all.people.groups.delete(id);
    this.all.conversations.delete(keyOf(true, id));
    this.on.left(keyOf(true, id));
    this.all.changed();
  }

  readonly handlers: Record<number, (pdu: Pdu) => void> = {
    [cid.group_change_member_notify]: (pdu) => {
      const told = read(IMGroupChangeMemberNotifySchema, pdu);
      if (!told) return;
      if (told.changeType === GroupModifyType.DEL && told.chgUserIdList.includes(this.all.myId)) return this.noMember(told.groupId);
      const group = this.all.people.groups.get(told.groupId);
      if (!group || told.partial) return this.news();
      group.size = told.curUserIdList.length;
      group.members = told.curUserIdList;
    },
    [cid.group_profile_notify]: (pdu) => {
      const told = read(ProfileNotifySchema, pdu);
      const group = told && this.all.people.groups.get(told.groupId);
      if (group) Object.assign(group, told.name ? { name: told.name } : {}, told.avatar ? { avatar: told.avatar } : {});
    },
    [cid.group_owner_notify]: (pdu) => {
      const told = read(OwnerNotifySchema, pdu);
      const group = told && this.all.people.groups.get(told.groupId);
      if (group) group.owner = told.ownerId;
    },
    [cid.group_dissolved_notify]: (pdu) => {
      const told = read(DissolvedNotifySchema, pdu);
      if (told) this.noMember(told.groupId);
    },
  };
}
