// Asks who there is and who is there, and hears of changes.
import type { UserInfo } from 'proto/IM.BaseDefine_pb';
import {
  IMAllUserReqSchema, IMAllUserRspSchema, IMAvatarChangedNotifySchema, IMSignInfoChangedNotifySchema, IMUserStatNotifySchema,
  IMUsersInfoReqSchema, IMUsersInfoRspSchema, IMUsersStatReqSchema, IMUsersStatRspSchema,
} from 'proto/IM.Buddy_pb';
import { cid } from 'proto/commands';
import type { Pdu } from 'parley/pdu';
import { read, type Line } from '../wire/line';
import type { Context } from './context';

const presenceBatch = 500;

export class Directory {
  private peopleTime = 0;
  private asked = new Set<number>();

  constructor(private readonly all: Context) {}

  clear(): void {
    this.peopleTime = 0;
    this.asked.clear();
  }

  async catchUp(line: Line): Promise<void> {
    const answer = await line.ask(cid.buddy_list_all_user_request, IMAllUserReqSchema,
      { userId: this.all.myId, latestUpdateTime: this.peopleTime }, IMAllUserRspSchema);
    this.take(answer.userList, answer.latestUpdateTime);
    await this.askPresence(line, [...this.all.people.persons.keys()]);
  }

  private take(list: UserInfo[], time: number): void {
    for (const each of list) this.all.people.addPerson(each);
    this.peopleTime = Math.max(this.peopleTime, time);
    this.all.changed();
  }

  private async askPresence(line: Line, ids: number[]): Promise<void> {
    for (let from = 0; from < ids.length; from += presenceBatch) {
      const answer = await line.ask(cid.buddy_list_users_status_request, IMUsersStatReqSchema,
        { userId: this.all.myId, userIdList: ids.slice(from, from + presenceBatch) }, IMUsersStatRspSchema);
      for (const each of answer.userStatList) this.all.people.setStatus(each);
      this.all.changed();
    }
  }

  /** Somebody this page has not met: asked for once. */
  async meet(id: number): Promise<void> {
    const line = this.all.open();
    if (!line || id === 0 || this.all.people.persons.has(id) || this.asked.has(id)) return;
    this.asked.add(id);
    try {
      const answer = await line.ask(cid.buddy_list_user_info_request, IMUsersInfoReqSchema, { userId: this.all.myId, userIdList: [id] }, IMUsersInfoRspSchema);
      for (const each of answer.userInfoList) this.all.people.addPerson(each);
      await this.askPresence(line, [id]);
    } catch {
      this.asked.delete(id);
    }
  }

  readonly handlers: Record<number, (pdu: Pdu) => void> = {
    [cid.buddy_list_status_notify]: (pdu) => {
      const told = read(IMUserStatNotifySchema, pdu);
      if (told?.userStat) for (const each of [told.userStat, ...told.more]) this.all.people.setStatus(each);
    },
    // Large directories come as several replies. Fact: plugins/buddy/README.md.
    [cid.buddy_list_all_user_response]: (pdu) => {
      const more = read(IMAllUserRspSchema, pdu);
      const line = this.all.open();
      if (!more || !line) return;
      this.take(more.userList, more.latestUpdateTime);
      void this.askPresence(line, more.userList.map((each) => each.userId)).catch(() => {});
    },
    [cid.buddy_list_sign_info_changed_notify]: (pdu) => {
      const told = read(IMSignInfoChangedNotifySchema, pdu);
      const person = told && this.all.people.persons.get(told.changedUserId);
      if (person) person.signature = told.signInfo;
    },
    [cid.buddy_list_avatar_changed_notify]: (pdu) => {
      const told = read(IMAvatarChangedNotifySchema, pdu);
      const person = told && this.all.people.persons.get(told.changedUserId);
      if (person) person.avatar = told.avatarUrl;
    },
  };
}
