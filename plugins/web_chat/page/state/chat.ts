// One person's chat: comes and goes, opens and reads conversations, and hands what arrives to those whose business it is.
import { SessionType, type UserInfo } from 'proto/IM.BaseDefine_pb';
import { IMFileNotifySchema } from 'proto/IM.File_pb';
import { IMMsgDataAckSchema, IMMsgDataReadAckSchema, IMMsgDataReadNotifySchema, IMMsgDataSchema, type IMMsgData } from 'proto/IM.Message_pb';
import { IMP2PCmdMsgSchema } from 'proto/IM.SwitchService_pb';
import { cid } from 'proto/commands';
import type { Pdu } from 'parley/pdu';
import { read, Refused, Silent, type Line } from '../wire/line';
import { Link, type Credentials, type End } from '../wire/link';
import { Context } from './context';
import { isGroup, keyOf, messageOf, type Conversation, type Key, type Message } from './conversation';
import { Directory } from './directory';
import { Files, type SharedFile } from './files';
import { Groups } from './groups';
import { History, keptMessages } from './history';
import { hint, hintOf, typingEveryMs, typingMs, type Hint } from './hints';
import type { Outbox } from './outbox';
import type { People } from './people';
import { passing, Sender } from './sender';
import { Store } from './store';

export type Phase = 'out' | 'entering' | 'online' | 'waiting' | 'connecting';

/** What the surroundings do with news. */
export interface Surroundings {
  arrived(of: Conversation, from: string, message: Message): void;
  fileArrived(file: SharedFile): void;
  save(file: Blob, name: string): void;
}

export class Chat extends Store {
  phase: Phase = 'out';
  /** Why it is out, for the form. */
  ended: { why: End; text: string } | null = null;
  retryAt = 0;
  openKey: Key | null = null;
  readonly groups: Groups;
  readonly history: History;
  readonly sender: Sender;
  readonly files: Files;
  private readonly all: Context;
  private readonly link: Link;
  private readonly directory: Directory;
  private typed = new Map<Key, number>();

  constructor(
    url: string,
    readonly media: string,
    private readonly around: Surroundings,
  ) {
    super();
    this.link = new Link(url, {
      online: (me) => this.online(me),
      connecting: () => this.enter(this.me ? 'connecting' : 'entering'),
      waiting: (retryAt) => this.waiting(retryAt),
      pushed: (pdu) => this.pushed(pdu),
      over: (why, text) => this.over(why, text),
    });
    this.all = new Context(() => this.link.open, this.changed);
    this.directory = new Directory(this.all);
    const meet = (id: number) => this.directory.meet(id);
    this.groups = new Groups(this.all, { meet, left: (key) => key === this.openKey && (this.openKey = null) });
    this.history = new History(this.all, { meet, came: (of) => this.lookedAt(of.key), isOpen: (of) => of.key === this.openKey });
    this.sender = new Sender(this.all, this.history);
    this.files = new Files(url, {
      me: () => this.all.myId, line: () => this.link.open, changed: this.changed,
      arrived: (file) => this.around.fileArrived(file), save: (file, name) => this.around.save(file, name),
    });
    const looked = () => this.openKey && this.lookedAt(this.openKey);
    addEventListener('focus', looked);
    document.addEventListener('visibilitychange', looked);
    this.handlers = { ...this.directory.handlers, ...this.groups.handlers, ...this.history.handlers, ...this.ownHandlers };
  }

  get me(): UserInfo | null {
    return this.all.me;
  }
  get people(): People {
    return this.all.people;
  }
  get outbox(): Outbox {
    return this.all.outbox;
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

  private online(me: UserInfo): void {
    const first = this.all.me === null;
    this.all.me = me;
    this.people.addPerson(me);
    if (first) this.outbox.load(me.userId);
    this.enter('online');
    const line = this.link.open!;
    this.sender.pump();
    for (const each of [this.directory, this.groups, this.history, this.files]) void this.catchUp(each, line);
  }

  /** What is refused for now is asked for again, while the connection lasts. */
  private async catchUp(part: { catchUp(line: Line): Promise<void> }, line: Line, pause = 1000): Promise<void> {
    await part.catchUp(line).catch((why: unknown) => {
      if (!(why instanceof Silent || (why instanceof Refused && passing.has(why.code)))) return;
      const later = () => void (this.link.open === line && this.catchUp(part, line, Math.min(pause * 2, 30_000)));
      setTimeout(later, pause * (0.75 + Math.random() / 2));
    });
  }

  private waiting(retryAt: number): void {
    this.retryAt = retryAt;
    this.outbox.connectionLost();
    this.people.allOffline();
    this.enter(this.me ? 'waiting' : 'entering');
  }

  private over(why: End, text: string): void {
    this.ended = { why, text };
    this.files.clear();
    this.directory.clear();
    this.all.clear();
    this.openKey = null;
    this.enter('out');
  }

  // ---- conversations ----

  get open(): Conversation | null {
    return (this.openKey && this.all.conversations.get(this.openKey)) || null;
  }
  get unread(): number {
    let sum = 0;
    for (const each of this.all.conversations.values()) sum += each.unread;
    return sum;
  }

  /** Those that something was said in, the newest first; groups without a word, too. */
  recent(): Conversation[] {
    for (const id of this.people.groups.keys()) this.all.conversation(true, id);
    const written = new Map(this.outbox.items.map((each) => [each.to, each.time]));
    const lastTime = (each: Conversation) => Math.max(each.preview?.time ?? 0, written.get(each.key) ?? 0);
    const shown = (each: Conversation) =>
      each.group ? this.people.groups.has(each.id) : each.preview || each.unread > 0 || written.has(each.key) || this.files.with(each.id).length > 0;
    return [...this.all.conversations.values()]
      .filter(shown)
      .sort((a, b) => lastTime(b) - lastTime(a) || this.people.name(a).localeCompare(this.people.name(b)));
  }

  openConversation(key: Key | null): void {
    if (key === this.openKey) return;
    this.open?.trim(keptMessages);
    this.openKey = key;
    if (key) {
      const of = this.all.at(key);
      if (!of.group) void this.directory.meet(of.id);
      if (!of.begun || of.newest < (of.preview?.id ?? 0)) this.history.behind(of);
      this.lookedAt(key);
    }
    this.changed();
  }

  /** Somebody reads what is open, as far as somebody is there to. */
  private lookedAt(key: Key): void {
    const of = this.all.conversations.get(key);
    const line = this.link.open;
    if (!of || !line || key !== this.openKey || document.hidden || !document.hasFocus()) return;
    const newest = Math.max(of.newest, of.preview?.id ?? 0);
    const last = of.messages.findLast((each) => each.from !== this.all.myId)?.id ?? 0;
    if (of.unread === 0 && last <= of.readTo) return;
    const unread = of.unread;
    of.unread = 0;
    if (newest > of.readTo || unread > 0) {
      of.readTo = newest;
      line.tell(cid.msg_read_ack, IMMsgDataReadAckSchema, { userId: this.all.myId, sessionId: of.id, msgId: newest, sessionType: of.sessionType });
      if (!of.group && last > 0) this.tellPeer(of, { read: newest });
    }
    this.changed();
  }

  // ---- hints ----

  typing(key: Key): void {
    const of = this.all.conversations.get(key);
    if (!of || of.group || Date.now() - (this.typed.get(key) ?? 0) < typingEveryMs) return;
    this.typed.set(key, Date.now());
    this.tellPeer(of, { typing: true });
  }
  stoppedTyping(key: Key): void {
    const of = this.all.conversations.get(key);
    if (of && this.typed.delete(key)) this.tellPeer(of, { typing: false });
  }

  private tellPeer(of: Conversation, what: Hint): void {
    this.link.open?.tell(cid.switch_p2p_cmd, IMP2PCmdMsgSchema, { fromUserId: this.all.myId, toUserId: of.id, cmdMsgData: hint(what) });
  }

  private peerTells(from: number, text: string): void {
    const of = this.all.conversations.get(keyOf(false, from));
    const told = hintOf(text);
    if (!of || !told || from === this.all.myId) return;
    if ('typing' in told) {
      of.typingUntil = told.typing ? Date.now() + typingMs : 0;
      setTimeout(this.changed, typingMs + 50);
    } else if (told.read <= Math.max(of.newest, of.preview?.id ?? 0)) {
      of.peerReadTo = Math.max(of.peerReadTo, told.read);
    }
  }

  // ---- what arrives ----

  private readonly handlers: Record<number, (pdu: Pdu) => void>;

  private pushed(pdu: Pdu): void {
    if (!this.me) return;
    this.handlers[pdu.command]?.(pdu);
    this.changed();
  }

  private readonly ownHandlers: Record<number, (pdu: Pdu) => void> = {
    [cid.msg_data]: (pdu) => {
      const data = read(IMMsgDataSchema, pdu);
      if (data && data.msgId > 0 && data.fromUserId > 0) this.message(data);
    },
    [cid.msg_data_ack]: (pdu) => this.sender.lateAck(pdu),
    [cid.msg_read_notify]: (pdu) => {
      const told = read(IMMsgDataReadNotifySchema, pdu);
      if (!told) return;
      const of = this.all.conversation(told.sessionType === SessionType.GROUP, told.sessionId);
      const newest = Math.max(of.newest, of.preview?.id ?? 0);
      of.readTo = Math.max(of.readTo, told.msgId);
      of.unread = told.msgId >= newest ? 0 : Math.min(of.unread, newest - told.msgId);
    },
    [cid.switch_p2p_cmd]: (pdu) => {
      const told = read(IMP2PCmdMsgSchema, pdu);
      if (told) this.peerTells(told.fromUserId, told.cmdMsgData);
    },
    [cid.file_notify]: (pdu) => {
      const told = read(IMFileNotifySchema, pdu);
      if (!told) return;
      this.files.notified(told);
      void this.directory.meet(told.fromUserId);
    },
  };

  private message(data: IMMsgData): void {
    const own = data.fromUserId === this.all.myId;
    const group = isGroup(data.msgType);
    const of = this.all.conversation(group, group || own ? data.toSessionId : data.fromUserId);
    this.link.open?.tell(cid.msg_data_ack, IMMsgDataAckSchema,
      { userId: this.all.myId, sessionId: data.fromUserId, msgId: data.msgId, sessionType: of.sessionType });
    void this.directory.meet(data.fromUserId);
    if (group && !this.people.groups.has(of.id)) this.groups.news();
    const message = messageOf(data, data.fromUserId);
    if (own && message.clientId) this.outbox.remove(message.clientId);
    const known = message.id <= Math.max(of.newest, of.preview?.id ?? 0);
    this.history.insert(of, message);
    if (own || known) return;
    of.typingUntil = 0;
    ++of.unread;
    this.lookedAt(of.key);
    if (of.unread > 0) this.around.arrived(of, this.people.personName(message.from), message);
  }
}
