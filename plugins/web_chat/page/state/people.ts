// Who there is, who is there, and the groups one is in.
import { UserStatType, type UserInfo, type UserStat } from 'proto/IM.BaseDefine_pb';
import type { MyGroup } from 'proto/Parley.Group_pb';

export type Presence = 'online' | 'away' | 'offline';

export interface Person {
  id: number;
  name: string;
  login: string;
  avatar: string;
  signature: string;
  /** Gone from the company: kept for what they wrote. */
  left: boolean;
}

export interface Group {
  id: number;
  name: string;
  avatar: string;
  owner: number;
  size: number;
  /** As far as they were asked for. */
  members: number[] | null;
}

const statusLeft = 3;

export class People {
  readonly persons = new Map<number, Person>();
  readonly groups = new Map<number, Group>();
  private presences = new Map<number, Presence>();

  addPerson(info: UserInfo): void {
    this.persons.set(info.userId, {
      id: info.userId, name: info.userNickName.trim() || info.userRealName, login: info.userRealName, avatar: info.avatarUrl,
      signature: info.signInfo, left: info.status === statusLeft,
    });
  }

  addGroup(info: MyGroup): void {
    const before = this.groups.get(info.groupId);
    this.groups.set(info.groupId, {
      id: info.groupId, name: info.name, avatar: info.avatar, owner: info.ownerId, size: info.memberCount,
      members: before?.members ?? null,
    });
  }

  setStatus(each: UserStat): void {
    const presence = each.status === UserStatType.USER_STATUS_ONLINE ? 'online' : each.status === UserStatType.USER_STATUS_LEAVE ? 'away' : 'offline';
    this.presences.set(each.userId, presence);
  }
  presence(id: number): Presence {
    return this.presences.get(id) ?? 'offline';
  }
  /** Nobody is known to be there while one is not. */
  allOffline(): void {
    this.presences.clear();
  }

  personName(id: number): string {
    return this.persons.get(id)?.name ?? `#${id}`;
  }
  name(of: { group: boolean; id: number }): string {
    return of.group ? (this.groups.get(of.id)?.name ?? `#${of.id}`) : this.personName(of.id);
  }

  /** Those who are there first, then by name. */
  contacts(me: number): Person[] {
    const rank = { online: 0, away: 1, offline: 2 };
    return [...this.persons.values()]
      .filter((each) => !each.left && each.id !== me)
      .sort((a, b) => rank[this.presence(a.id)] - rank[this.presence(b.id)] || a.name.localeCompare(b.name));
  }
}
