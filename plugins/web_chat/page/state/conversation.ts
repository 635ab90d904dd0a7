// One conversation, of two or of a group: what of it is here.
import { MsgType, SessionType, type MsgInfo } from 'proto/IM.BaseDefine_pb';
import { openText } from '../wire/codec';

export interface Message {
  id: number;
  from: number;
  time: number;
  /** Null for what cannot be read, and for recordings. */
  text: string | null;
  /** Of a recording, in seconds. */
  voice: number | null;
  clientId: string;
}

export interface Preview {
  id: number;
  from: number;
  time: number;
  text: string | null;
  voice: boolean;
}

const isVoice = (type: MsgType): boolean => type === MsgType.SINGLE_AUDIO || type === MsgType.GROUP_AUDIO;
export const isGroup = (type: MsgType): boolean => (type & 0x10) !== 0;

export function messageOf(info: Pick<MsgInfo, 'msgId' | 'createTime' | 'msgType' | 'msgData' | 'clientMsgId'>, from: number): Message {
  const voice = isVoice(info.msgType);
  const data = info.msgData;
  return {
    id: info.msgId, from, time: info.createTime, text: voice ? null : openText(data),
    voice: voice ? (data.length < 4 ? 0 : new DataView(data.buffer, data.byteOffset).getUint32(0)) : null,
    clientId: new TextDecoder().decode(info.clientMsgId),
  };
}

export type Key = `${'u' | 'g'}${number}`;
export const keyOf = (group: boolean, id: number): Key => `${group ? 'g' : 'u'}${id}`;

export class Conversation {
  /** In order of id, without holes between the oldest and the newest that are here. */
  messages: Message[] = [];
  unread = 0;
  preview: Preview | null = null;
  /** What one has read oneself, on any terminal, as far as this page knows. */
  readTo = 0;
  /** What the other one has said to have read. */
  peerReadTo = 0;
  /** Date.now() until which the other one writes. */
  typingUntil = 0;
  begun = false;
  atStart = false;
  loading = false;
  /** There is news that had to wait for what is loading. */
  behind = false;
  draft = '';

  constructor(
    readonly group: boolean,
    readonly id: number,
  ) {}

  get key(): Key {
    return keyOf(this.group, this.id);
  }
  get sessionType(): SessionType {
    return this.group ? SessionType.GROUP : SessionType.SINGLE;
  }
  get newest(): number {
    return this.messages.at(-1)?.id ?? 0;
  }
  get oldest(): number {
    return this.messages[0]?.id ?? 0;
  }

  /** Each is there once, whatever brought it. True when there is one that was not. */
  add(more: Message[]): boolean {
    const known = new Set(this.messages.map((each) => each.id));
    const fresh = more.filter((each) => !known.has(each.id));
    if (fresh.length === 0) return false;
    this.messages = [...this.messages, ...fresh].sort((a, b) => a.id - b.id);
    const last = this.messages.at(-1)!;
    if (last.id >= (this.preview?.id ?? 0)) this.preview = { ...last, voice: last.voice !== null };
    return true;
  }

  /** Long histories are let go again while nobody looks. */
  trim(most: number): void {
    if (this.messages.length <= most) return;
    this.messages = this.messages.slice(-most);
    this.atStart = false;
  }
}
