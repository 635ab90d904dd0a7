// One person's chat: what they do becomes requests, what arrives becomes what is shown.
import { create } from '@bufbuild/protobuf';
import { GroupModifyType, GroupType, MsgType, SessionType, type UserInfo } from 'proto/IM.BaseDefine_pb';
import {
  IMAllUserReqSchema, IMAllUserRspSchema, IMAvatarChangedNotifySchema, IMRecentContactSessionReqSchema, IMRecentContactSessionRspSchema,
  IMSignInfoChangedNotifySchema, IMUserStatNotifySchema, IMUsersInfoReqSchema, IMUsersInfoRspSchema, IMUsersStatReqSchema,
  IMUsersStatRspSchema,
} from 'proto/IM.Buddy_pb';
import {
  IMGroupChangeMemberNotifySchema, IMGroupChangeMemberReqSchema, IMGroupChangeMemberRspSchema, IMGroupCreateReqSchema,
  IMGroupCreateRspSchema, IMGroupInfoListReqSchema, IMGroupInfoListRspSchema,
} from 'proto/IM.Group_pb';
import { IMFileNotifySchema } from 'proto/IM.File_pb';
import {
  IMGetMsgListReqSchema, IMGetMsgListRspSchema, IMMsgDataAckSchema, IMMsgDataReadAckSchema, IMMsgDataReadNotifySchema,
  IMMsgDataSchema, IMUnreadMsgCntReqSchema, IMUnreadMsgCntRspSchema, type IMMsgData,
} from 'proto/IM.Message_pb';
import { IMP2PCmdMsgSchema } from 'proto/IM.SwitchService_pb';
import {
  ChangeProfileReqSchema, ChangeProfileRspSchema, DissolvedNotifySchema, LeaveReqSchema, LeaveRspSchema, MyGroupsReqSchema,
  MyGroupsRspSchema, OwnerNotifySchema, ProfileNotifySchema,
} from 'proto/Parley.Group_pb';
import { cid } from 'proto/commands';
import type { Pdu } from 'parley/pdu';
import { openText, pictureText, sealText } from '../wire/codec';
import { Lost, read, Refused, Silent, type Line } from '../wire/line';
import { Link, type Credentials, type End } from '../wire/link';
import { Conversation, isGroup, keyOf, messageOf, type Key, type Message } from './conversation';
import { Files, type SharedFile } from './files';
import { Outbox, type Unsent } from './outbox';
import { People } from './people';
import { prepare, upload } from './pictures';
import { Store } from './store';

export type Phase = 'out' | 'entering' | 'online' | 'waiting' | 'connecting';

/** What the surroundings do with news. */
export interface Surroundings {
  arrived(of: Conversation, from: string, message: Message): void;
  fileArrived(file: SharedFile): void;
  save(file: Blob, name: string): void;
}

const pageSize = 30;
const catchUpPages = 20;
const presenceBatch = 500;
const keptMessages = 300;
const typingMs = 6000;
const typingEveryMs = 3000;
const mostRetries = 6;
const passing = new Set([5, 6, 7]);  // too fast, busy, unavailable

export class Chat extends Store {
  phase: Phase = 'out';
  /** Why it is out, for the form. */
  ended: { why: End; text: string } | null = null;
  retryAt = 0;
  me: UserInfo | null = null;
  people = new People();
  conversations = new Map<Key, Conversation>();
  openKey: Key | null = null;
  readonly outbox = new Outbox();
  readonly files: Files;
  private readonly link: Link;
  private peopleTime = 0;
  private asked = new Set<number>();
  private typed = new Map<Key, number>();

  constructor(
    url: string,
    readonly media: string,
    private readonly around: Surroundings,
  ) {
    super();
    this.link = new Link(url, {
      online: (me) => void this.online(me),
      connecting: () => this.enter(this.me ? 'connecting' : 'entering'),
      waiting: (retryAt) => {
        this.retryAt = retryAt;
        this.outbox.connectionLost();
        this.people.allOffline();
        this.enter(this.me ? 'waiting' : 'entering');
      },
      pushed: (pdu) => this.pushed(pdu),
      over: (why, text) => this.over(why, text),
    });
    this.files = new Files(url, {
      me: () => this.me?.userId ?? 0, line: () => this.link.open, changed: this.changed, arrived: (file) => this.around.fileArrived(file),
      save: (file, name) => this.around.save(file, name),
    });
    const looked = () => this.openKey && this.lookedAt(this.openKey);
    addEventListener('focus', looked);
    document.addEventListener('visibilitychange', looked);
  }

  // ---- coming and going ----

  signIn(who: Credentials): void {
    this.ended = null;
    this.link.start(who);
  }
  signOut(): void {
    this.outbox.forget();
    void this.link.signOut();
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.changed();
  }

  private over(why: End, text: string): void {
    this.ended = { why, text };
    this.files.clear();
    this.me = null;
    this.people = new People();
    this.conversations.clear();
    this.openKey = null;
    this.peopleTime = 0;
    this.asked.clear();
    this.outbox.items = [];
    this.enter('out');
  }

  private async online(me: UserInfo): Promise<void> {
    const first = this.me === null;
    this.me = me;
    this.people.addPerson(me);
    if (first) this.outbox.load(me.userId);
    this.enter('online');
    const line = this.link.open!;
    this.pump();
    const tried = (what: Promise<unknown>) => what.catch(() => {});
    await Promise.all([
      tried(this.askPeople(line)), tried(this.askGroups(line)), tried(this.askRecent(line).then(() => this.askUnread(line))),
      tried(this.files.caughtUp(line)),
    ]);
    for (const each of this.conversations.values()) if (each.begun) void this.catchUp(each);
  }

  // ---- who there is ----

  private async askPeople(line: Line): Promise<void> {
    const answer = await line.ask(cid.buddy_list_all_user_request, IMAllUserReqSchema,
      { userId: this.me!.userId, latestUpdateTime: this.peopleTime }, IMAllUserRspSchema);
    this.morePeople(answer.userList, answer.latestUpdateTime);
    await this.askPresence(line, [...this.people.persons.keys()]);
  }

  private morePeople(list: UserInfo[], time: number): void {
    for (const each of list) this.people.addPerson(each);
    this.peopleTime = Math.max(this.peopleTime, time);
    this.changed();
  }

  private async askPresence(line: Line, ids: number[]): Promise<void> {
    for (let from = 0; from < ids.length; from += presenceBatch) {
      const userIdList = ids.slice(from, from + presenceBatch);
      const answer = await line.ask(cid.buddy_list_users_status_request, IMUsersStatReqSchema, { userId: this.me!.userId, userIdList }, IMUsersStatRspSchema);
      for (const each of answer.userStatList) this.people.setStatus(each);
      this.changed();
    }
  }

  /** Somebody this page has not met: asked for once. */
  private async meet(id: number): Promise<void> {
    const line = this.link.open;
    if (!line || id === 0 || this.people.persons.has(id) || this.asked.has(id)) return;
    this.asked.add(id);
    try {
      const answer = await line.ask(cid.buddy_list_user_info_request, IMUsersInfoReqSchema, { userId: this.me!.userId, userIdList: [id] }, IMUsersInfoRspSchema);
      for (const each of answer.userInfoList) this.people.addPerson(each);
      await this.askPresence(line, [id]);
    } catch {
      this.asked.delete(id);
    }
  }

  private async askGroups(line: Line): Promise<void> {
    const gone = new Set(this.people.groups.keys());
    for (let after = 0, more = true; more; ) {
      await line.askAll(cid.group_mine_request, MyGroupsReqSchema, { afterGroupId: after }, MyGroupsRspSchema, (answer) => {
        for (const each of answer.group) {
          this.people.addGroup(each);
          gone.delete(each.groupId);
          after = each.groupId;
        }
        more = answer.more;
        return !answer.last;
      });
    }
    for (const id of gone) this.noMember(id);
    this.changed();
  }

  // ---- conversations ----

  conversation(group: boolean, id: number): Conversation {
    const key = keyOf(group, id);
    let found = this.conversations.get(key);
    if (!found) this.conversations.set(key, (found = new Conversation(group, id)));
    return found;
  }
  get open(): Conversation | null {
    return (this.openKey && this.conversations.get(this.openKey)) || null;
  }
  get unread(): number {
    let sum = 0;
    for (const each of this.conversations.values()) sum += each.unread;
    return sum;
  }
  /** Those that something was said in, the newest first; groups without a word, too. */
  recent(): Conversation[] {
    for (const id of this.people.groups.keys()) this.conversation(true, id);
    const lastTime = (each: Conversation) => Math.max(each.preview?.time ?? 0, this.outbox.items.findLast((one) => one.to === each.key)?.time ?? 0);
    return [...this.conversations.values()]
      .filter((each) => each.group ? this.people.groups.has(each.id) : each.preview || each.unread > 0 || this.outbox.items.some((one) => one.to === each.key) || this.files.with(each.id).length > 0)
      .sort((a, b) => lastTime(b) - lastTime(a) || this.people.name(a).localeCompare(this.people.name(b)));
  }

  openConversation(key: Key | null): void {
    if (key === this.openKey) return;
    this.open?.trim(keptMessages);
    this.openKey = key;
    if (key) {
      const of = this.conversation(key[0] === 'g', Number(key.slice(1)));
      if (!of.group) void this.meet(of.id);
      if (!of.begun) void this.older(of);
      this.lookedAt(key);
    }
    this.changed();
  }

  private async askRecent(line: Line): Promise<void> {
    const answer = await line.ask(cid.buddy_list_recent_contact_session_request, IMRecentContactSessionReqSchema,
      { userId: this.me!.userId, latestUpdateTime: 0 }, IMRecentContactSessionRspSchema);
    for (const each of answer.contactSessionList) {
      const of = this.conversation(each.sessionType === SessionType.GROUP, each.sessionId);
      if ((of.preview?.id ?? -1) < each.latestMsgId) {
        of.preview = {
          id: each.latestMsgId, from: of.group ? each.latestMsgFromUserId : 0, time: each.updatedTime, text: openText(each.latestMsgData),
          voice: each.latestMsgType === MsgType.SINGLE_AUDIO || each.latestMsgType === MsgType.GROUP_AUDIO,
        };
      }
      if (!of.group) void this.meet(of.id);
    }
    this.changed();
  }

  private async askUnread(line: Line): Promise<void> {
    const answer = await line.ask(cid.msg_unread_cnt_request, IMUnreadMsgCntReqSchema, { userId: this.me!.userId }, IMUnreadMsgCntRspSchema);
    for (const each of this.conversations.values()) each.unread = 0;
    for (const each of answer.unreadinfoList) this.conversation(each.sessionType === SessionType.GROUP, each.sessionId).unread = each.unreadCnt;
    if (this.openKey) this.lookedAt(this.openKey);
    this.changed();
  }

  private async askMessages(line: Line, of: Conversation, msgIdBegin: number): Promise<Message[]> {
    const answer = await line.ask(cid.msg_list_request, IMGetMsgListReqSchema, {
      userId: this.me!.userId, sessionType: of.sessionType, sessionId: of.id, msgIdBegin, msgCnt: pageSize,
    }, IMGetMsgListRspSchema);
    return answer.msgList.map((each) => messageOf(each, each.fromSessionId));
  }

  /** The page before what is here, or the newest one. */
  async older(of: Conversation): Promise<void> {
    const line = this.link.open;
    if (!line || of.loading || of.atStart) return;
    of.loading = true;
    this.changed();
    try {
      const page = of.oldest === 1 ? [] : await this.askMessages(line, of, of.oldest > 0 ? of.oldest - 1 : 0);
      of.begun = true;
      of.atStart = page.length === 0 || page.at(-1)!.id === 1;
      this.take(of, page);
      if (of.key === this.openKey) this.lookedAt(of.key);
    } catch {
      // Asked for again when somebody looks there again, or the connection is back.
    }
    this.loaded(of);
  }

  /** What was said behind the newest that is here. Too much of it takes the place of what is here. */
  private async catchUp(of: Conversation): Promise<void> {
    const line = this.link.open;
    of.behind = of.loading;
    if (!line || of.loading) return;
    of.loading = true;
    try {
      const above = of.newest;
      const found: Message[] = [];
      let begin = 0;
      for (let pages = 0; ; ++pages) {
        const page = await this.askMessages(line, of, begin);
        found.push(...page.filter((each) => each.id > above));
        const oldest = page.at(-1)?.id ?? 0;
        if (oldest <= above + 1) break;
        if (pages === catchUpPages) {
          of.messages = [];
          of.atStart = false;
          break;
        }
        begin = oldest - 1;
      }
      this.take(of, found);
      if (of.key === this.openKey) this.lookedAt(of.key);
    } catch {
      // The connection is gone again: so it is once more when it is back.
    }
    this.loaded(of);
  }

  private loaded(of: Conversation): void {
    of.loading = false;
    if (of.behind) void this.catchUp(of);
    this.changed();
  }

  private take(of: Conversation, messages: Message[]): void {
    for (const each of messages) {
      if (each.from === this.me?.userId && each.clientId) this.outbox.remove(each.clientId);
      void this.meet(each.from);
    }
    of.add(messages);
  }

  /** Somebody reads what is open, as far as somebody is there to. */
  lookedAt(key: Key): void {
    const of = this.conversations.get(key);
    const line = this.link.open;
    if (!of || !line || key !== this.openKey || document.hidden || !document.hasFocus()) return;
    const newest = Math.max(of.newest, of.preview?.id ?? 0);
    const last = of.messages.findLast((each) => each.from !== this.me!.userId)?.id ?? 0;
    if (of.unread === 0 && last <= of.readTo) return;
    of.unread = 0;
    if (newest > of.readTo) {
      of.readTo = newest;
      line.tell(cid.msg_read_ack, IMMsgDataReadAckSchema, { userId: this.me!.userId, sessionId: of.id, msgId: newest, sessionType: of.sessionType });
      if (!of.group && last > 0) this.tellPeer(of, 4, 262145, String(newest));
    }
    this.changed();
  }

  // ---- writing ----

  say(to: Key, text: string): void {
    this.outbox.add(to, text);
    this.typed.delete(to);
    this.pump();
    this.changed();
  }

  /** False when it is no picture. */
  async sayPicture(to: Key, file: Blob): Promise<boolean> {
    const ready = await prepare(file);
    if (!ready) return false;
    this.outbox.add(to, null, { ...ready, preview: URL.createObjectURL(ready.file), share: 0 });
    this.pump();
    this.changed();
    return true;
  }

  again(item: Unsent): void {
    item.state = 'waiting';
    item.retries = 0;
    item.notBefore = 0;
    this.pump();
    this.changed();
  }
  discard(item: Unsent): void {
    this.outbox.remove(item.clientId);
    this.pump();
    this.changed();
  }

  /** One of a conversation is under way at a time, so that they stay in order whatever happens. */
  private pump(): void {
    const line = this.link.open;
    if (!line) return;
    const busy = new Set<Key>();
    for (const item of this.outbox.items) {
      if (item.state === 'failed') continue;
      if (item.state === 'waiting' && !busy.has(item.to)) {
        const wait = item.notBefore - Date.now();
        if (wait > 0) setTimeout(() => this.pump(), wait);
        else void this.transmit(line, item);
      }
      busy.add(item.to);
    }
  }

  private async transmit(line: Line, item: Unsent): Promise<void> {
    item.state = 'sending';
    const group = item.to[0] === 'g';
    const id = Number(item.to.slice(1));
    try {
      if (item.text === null) {
        const url = await upload(line, item.picture!, (share) => {
          item.picture!.share = share;
          this.changed();
        });
        item.text = pictureText(url);
        this.outbox.keep();
      }
      const ack = await line.ask(cid.msg_data, IMMsgDataSchema, {
        fromUserId: this.me!.userId, toSessionId: id, msgId: 0, createTime: item.time, msgType: group ? MsgType.GROUP_TEXT : MsgType.SINGLE_TEXT,
        msgData: sealText(item.text), clientMsgId: new TextEncoder().encode(item.clientId),
      }, IMMsgDataAckSchema);
      if (this.outbox.find(item.clientId)) this.settled(item, ack.msgId);
    } catch (why) {
      this.notSent(item, why as Error);
    }
    this.pump();
    this.changed();
  }

  private settled(item: Unsent, id: number): void {
    const of = this.conversation(item.to[0] === 'g', Number(item.to.slice(1)));
    this.outbox.remove(item.clientId);
    this.insert(of, { id, from: this.me!.userId, time: item.time, text: item.text, voice: null, clientId: item.clientId });
  }

  private notSent(item: Unsent, why: Error): void {
    if (item.state !== 'sending') return;
    if (why instanceof Refused && (!passing.has(why.code) || item.retries >= mostRetries)) {
      item.state = 'failed';
      item.why = why.message;
      return;
    }
    item.state = 'waiting';
    if (why instanceof Lost) return;
    // Refused for a while, no answer, or an upload that broke off: the same once more, a bit later each time.
    const pause = why instanceof Refused && why.retryAfterMs > 0 ? why.retryAfterMs : Math.min(1000 * 2 ** item.retries, 30_000);
    item.notBefore = Date.now() + pause;
    if (!(why instanceof Silent)) ++item.retries;
    if (item.retries > mostRetries) item.state = 'failed';
  }

  /** What is behind a hole is shown when the hole is filled. */
  private insert(of: Conversation, message: Message): void {
    if (!of.begun || message.id > of.newest + 1) {
      if (message.id >= (of.preview?.id ?? 0)) of.preview = { ...message, voice: message.voice !== null };
      if (of.begun) void this.catchUp(of);
      else if (of.key === this.openKey) void this.older(of);
      return;
    }
    of.add([message]);
  }

  typing(to: Key): void {
    const of = this.conversations.get(to);
    const before = this.typed.get(to) ?? 0;
    if (!of || of.group || Date.now() - before < typingEveryMs) return;
    this.typed.set(to, Date.now());
    this.tellPeer(of, 2, 131073, 'writing');
  }
  stoppedTyping(to: Key): void {
    const of = this.conversations.get(to);
    if (of && this.typed.delete(to)) this.tellPeer(of, 2, 131074, 'stop writing');
  }

  /** From page to page; TeamTalk's clients know services 1 and 2, and pass over others. Fact: plugins/web_chat/README.md. */
  private tellPeer(of: Conversation, service: number, command: number, content: string): void {
    const cmdMsgData = JSON.stringify({ service_id: service, cmd_id: command, content });
    this.link.open?.tell(cid.switch_p2p_cmd, IMP2PCmdMsgSchema, { fromUserId: this.me!.userId, toUserId: of.id, cmdMsgData });
  }

  // ---- groups ----

  /** The new group's key, or why there is none. */
  async createGroup(name: string, members: number[]): Promise<Key> {
    const answer = await this.line().ask(cid.group_create_request, IMGroupCreateReqSchema, {
      userId: this.me!.userId, groupType: GroupType.TMP, groupName: name, groupAvatar: '', memberIdList: [...new Set([this.me!.userId, ...members])],
    }, IMGroupCreateRspSchema);
    if (answer.resultCode !== 0) throw new Refused(answer.refusedCode, answer.refusedText);
    await this.askGroups(this.line());
    return keyOf(true, answer.groupId);
  }

  async askMembers(id: number): Promise<void> {
    const answer = await this.line().ask(cid.group_info_request, IMGroupInfoListReqSchema,
      { userId: this.me!.userId, groupVersionList: [{ groupId: id, version: 0 }] }, IMGroupInfoListRspSchema);
    const group = this.people.groups.get(id);
    const info = answer.groupInfoList[0];
    if (!group || !info) return;
    group.members = info.groupMemberList;
    group.size = info.groupMemberList.length;
    group.owner = info.groupCreatorId;
    for (const each of info.groupMemberList.slice(0, 200)) void this.meet(each);
    this.changed();
  }

  async changeMembers(id: number, add: boolean, members: number[]): Promise<void> {
    const answer = await this.line().ask(cid.group_change_member_request, IMGroupChangeMemberReqSchema, {
      userId: this.me!.userId, groupId: id, memberIdList: members, changeType: add ? GroupModifyType.ADD : GroupModifyType.DEL,
    }, IMGroupChangeMemberRspSchema);
    if (answer.resultCode !== 0) throw new Refused(answer.refusedCode, answer.refusedText);
    await this.askMembers(id);
  }

  async renameGroup(id: number, name: string): Promise<void> {
    const answer = await this.line().ask(cid.group_change_profile_request, ChangeProfileReqSchema, { groupId: id, name }, ChangeProfileRspSchema);
    const group = this.people.groups.get(id);
    if (group) group.name = answer.name;
    this.changed();
  }

  async leaveGroup(id: number): Promise<void> {
    await this.line().ask(cid.group_leave_request, LeaveReqSchema, { groupId: id }, LeaveRspSchema);
    this.noMember(id);
  }

  private noMember(id: number): void {
    this.people.groups.delete(id);
    this.conversations.delete(keyOf(true, id));
    if (this.openKey === keyOf(true, id)) this.openKey = null;
    this.changed();
  }

  private line(): Line {
    const line = this.link.open;
    if (!line) throw new Lost();
    return line;
  }

  // ---- what arrives ----

  private pushed(pdu: Pdu): void {
    const handler = this.handlers[pdu.command];
    if (this.me && handler) {
      handler(pdu);
      this.changed();
    }
  }

  private readonly handlers: Record<number, (pdu: Pdu) => void> = {
    [cid.msg_data]: (pdu) => {
      const data = read(IMMsgDataSchema, pdu);
      if (data) this.message(data);
    },
    [cid.msg_data_ack]: (pdu) => {
      // Behind its request's patience: as good as in time.
      const ack = read(IMMsgDataAckSchema, pdu);
      const item = ack && this.outbox.find(new TextDecoder().decode(ack.clientMsgId));
      if (item) this.settled(item, ack.msgId);
    },
    [cid.msg_read_notify]: (pdu) => {
      const told = read(IMMsgDataReadNotifySchema, pdu);
      if (!told) return;
      const of = this.conversation(told.sessionType === SessionType.GROUP, told.sessionId);
      of.readTo = Math.max(of.readTo, told.msgId);
      const newest = Math.max(of.newest, of.preview?.id ?? 0);
      of.unread = told.msgId >= newest ? 0 : Math.min(of.unread, newest - told.msgId);
    },
    [cid.buddy_list_status_notify]: (pdu) => {
      const told = read(IMUserStatNotifySchema, pdu);
      if (told?.userStat) for (const each of [told.userStat, ...told.more]) this.people.setStatus(each);
    },
    [cid.buddy_list_all_user_response]: (pdu) => {
      const more = read(IMAllUserRspSchema, pdu);
      if (more) {
        this.morePeople(more.userList, more.latestUpdateTime);
        if (this.link.open) void this.askPresence(this.link.open, more.userList.map((each) => each.userId)).catch(() => {});
      }
    },
    [cid.buddy_list_sign_info_changed_notify]: (pdu) => {
      const told = read(IMSignInfoChangedNotifySchema, pdu);
      const person = told && this.people.persons.get(told.changedUserId);
      if (person) person.signature = told.signInfo;
    },
    [cid.buddy_list_avatar_changed_notify]: (pdu) => {
      const told = read(IMAvatarChangedNotifySchema, pdu);
      const person = told && this.people.persons.get(told.changedUserId);
      if (person) person.avatar = told.avatarUrl;
    },
    [cid.switch_p2p_cmd]: (pdu) => {
      const told = read(IMP2PCmdMsgSchema, pdu);
      if (told && told.fromUserId !== this.me!.userId) this.peerTells(told.fromUserId, told.cmdMsgData);
    },
    [cid.group_change_member_notify]: (pdu) => {
      const told = read(IMGroupChangeMemberNotifySchema, pdu);
      if (!told) return;
      const me = this.me!.userId;
      if (told.changeType === GroupModifyType.DEL && told.chgUserIdList.includes(me)) return this.noMember(told.groupId);
      const group = this.people.groups.get(told.groupId);
      if (group && !told.partial) {
        group.size = told.curUserIdList.length;
        group.members = told.curUserIdList;
      } else if (this.link.open) {
        void this.askGroups(this.link.open).catch(() => {});
      }
    },
    [cid.group_profile_notify]: (pdu) => {
      const told = read(ProfileNotifySchema, pdu);
      const group = told && this.people.groups.get(told.groupId);
      if (group) Object.assign(group, told.name ? { name: told.name } : {}, told.avatar ? { avatar: told.avatar } : {});
    },
    [cid.group_owner_notify]: (pdu) => {
      const told = read(OwnerNotifySchema, pdu);
      const group = told && this.people.groups.get(told.groupId);
      if (group) group.owner = told.ownerId;
    },
    [cid.group_dissolved_notify]: (pdu) => {
      const told = read(DissolvedNotifySchema, pdu);
      if (told) this.noMember(told.groupId);
    },
    [cid.file_notify]: (pdu) => {
      const told = read(IMFileNotifySchema, pdu);
      if (told) {
        this.files.notified(told);
        void this.meet(told.fromUserId);
      }
    },
  };

  private message(data: IMMsgData): void {
    const me = this.me!.userId;
    const own = data.fromUserId === me;
    const group = isGroup(data.msgType);
    const of = this.conversation(group, group || own ? data.toSessionId : data.fromUserId);
    this.link.open?.tell(cid.msg_data_ack, IMMsgDataAckSchema, create(IMMsgDataAckSchema, {
      userId: me, sessionId: data.fromUserId, msgId: data.msgId, sessionType: of.sessionType,
    }));
    void this.meet(data.fromUserId);
    if (group && !this.people.groups.has(of.id) && this.link.open) void this.askGroups(this.link.open).catch(() => {});
    const message = messageOf(data, data.fromUserId);
    if (own && message.clientId) this.outbox.remove(message.clientId);
    const known = message.id <= Math.max(of.newest, of.preview?.id ?? 0);
    this.insert(of, message);
    if (own || known) return;
    of.typingUntil = 0;
    ++of.unread;
    this.lookedAt(of.key);
    if (of.unread > 0) this.around.arrived(of, this.people.personName(message.from), message);
  }

  private peerTells(from: number, text: string): void {
    const of = this.conversations.get(keyOf(false, from));
    if (!of) return;
    try {
      const told = JSON.parse(text) as { service_id?: unknown; cmd_id?: unknown; content?: unknown };
      if (told.service_id === 2) {
        of.typingUntil = told.cmd_id === 131073 ? Date.now() + typingMs : 0;
        setTimeout(this.changed, typingMs + 50);
      } else if (told.service_id === 4 && told.cmd_id === 262145) {
        const upTo = Number(told.content);
        if (Number.isSafeInteger(upTo) && upTo <= Math.max(of.newest, of.preview?.id ?? 0)) of.peerReadTo = Math.max(of.peerReadTo, upTo);
      }
    } catch {
      // Not one of ours.
    }
  }
}
