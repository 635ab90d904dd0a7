// What was said: recent conversations, pages of history, and what was missed.
import { MsgType, SessionType } from 'proto/IM.BaseDefine_pb';
import { IMRecentContactSessionReqSchema, IMRecentContactSessionRspSchema } from 'proto/IM.Buddy_pb';
import { IMGetMsgListReqSchema, IMGetMsgListRspSchema, IMUnreadMsgCntReqSchema, IMUnreadMsgCntRspSchema } from 'proto/IM.Message_pb';
import { IMMessageRemovedNotifySchema } from 'proto/Parley.Message_pb';
import { cid } from 'proto/commands';
import type { Pdu } from 'parley/pdu';
import { openText } from '../wire/codec';
import { read, Refused, Silent, type Line } from '../wire/line';
import type { Context } from './context';
import { messageOf, type Conversation, type Message } from './conversation';
import { passing } from './sender';

const pageSize = 30;
const catchUpPages = 20;
/** Of a conversation that nobody looks at. */
export const keptMessages = 300;
/** Of one that is open while others go on talking. */
const mostMessages = 3000;

export class History {
  constructor(
    private readonly all: Context,
    private readonly on: { meet(id: number): Promise<void>; came(of: Conversation): void; isOpen(of: Conversation): boolean },
  ) {}

  /** After a login. */
  async catchUp(line: Line): Promise<void> {
    await this.askRecent(line);
    await this.askUnread(line);
    for (const each of this.all.conversations.values()) if (each.begun || this.on.isOpen(each)) this.behind(each);
  }

  /** There is more than what is here: it is asked for now, or when what is loading has come. */
  behind(of: Conversation): void {
    of.behind = of.loading;
    if (!of.loading) void (of.begun ? this.missed(of) : this.older(of));
  }

  private async askRecent(line: Line): Promise<void> {
    const answer = await line.ask(cid.buddy_list_recent_contact_session_request, IMRecentContactSessionReqSchema,
      { userId: this.all.myId, latestUpdateTime: 0 }, IMRecentContactSessionRspSchema);
    for (const each of answer.contactSessionList) {
      const of = this.all.conversation(each.sessionType === SessionType.GROUP, each.sessionId);
      if ((of.preview?.id ?? -1) < each.latestMsgId) {
        of.preview = {
          // Of two, the author is not told. Fact: proto/README.md 3.
          id: each.latestMsgId, from: of.group ? each.latestMsgFromUserId : 0, time: each.updatedTime, text: openText(each.latestMsgData),
          voice: each.latestMsgType === MsgType.SINGLE_AUDIO || each.latestMsgType === MsgType.GROUP_AUDIO,
        };
      }
      if (!of.group) void this.on.meet(of.id);
    }
    this.all.changed();
  }

  private async askUnread(line: Line): Promise<void> {
    const answer = await line.ask(cid.msg_unread_cnt_request, IMUnreadMsgCntReqSchema, { userId: this.all.myId }, IMUnreadMsgCntRspSchema);
    for (const each of this.all.conversations.values()) each.unread = 0;
    for (const each of answer.unreadinfoList) {
      const of = this.all.conversation(each.sessionType === SessionType.GROUP, each.sessionId);
      of.unread = each.unreadCnt;
      this.on.came(of);
    }
    this.all.changed();
  }

  private async ask(line: Line, of: Conversation, msgIdBegin: number): Promise<Message[]> {
    const answer = await line.ask(cid.msg_list_request, IMGetMsgListReqSchema, {
      userId: this.all.myId, sessionType: of.sessionType, sessionId: of.id, msgIdBegin, msgCnt: pageSize,
    }, IMGetMsgListRspSchema);
    return answer.msgList.map((each) => messageOf(each, each.fromSessionId));
  }

  /** The page before what is here, or the newest one. */
  async older(of: Conversation): Promise<void> {
    if (of.atStart) return;
    await this.load(of, async (line) => {
      const { oldest } = of;
      const page = oldest === 1 ? [] : await this.ask(line, of, oldest > 0 ? oldest - 1 : 0);
      if (of.oldest !== oldest) return;  // let go meanwhile: it would stand before a hole
      of.begun = true;
      of.atStart = page.length === 0 || page.at(-1)!.id === 1;
      this.take(of, page);
    });
  }

  /** What was said behind the newest that is here. Too much of it takes the place of what is here. */
  private async missed(of: Conversation): Promise<void> {
    await this.load(of, async (line) => {
      const above = of.newest;
      const found: Message[] = [];
      for (let begin = 0, pages = 0; ; ++pages) {
        const page = await this.ask(line, of, begin);
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
    });
  }

  /** One at a time for a conversation. What is refused for now is asked for again soon, the rest when the connection is back. */
  private async load(of: Conversation, what: (line: Line) => Promise<void>): Promise<void> {
    const line = this.all.open();
    if (!line || of.loading) return;
    of.loading = true;
    this.all.changed();
    const why = await what(line).then(() => null, (error: Error) => error);
    if (why) {
      of.behind ||= why instanceof Silent || (why instanceof Refused && passing.has(why.code));
      await new Promise((then) => setTimeout(then, 1000 + Math.random() * 1000));
    }
    of.loading = false;
    if (of.behind) this.behind(of);
    this.on.came(of);
    this.all.changed();
  }

  private take(of: Conversation, messages: Message[]): void {
    for (const each of messages) {
      if (each.from === this.all.myId && each.clientId) this.all.outbox.remove(each.clientId);
      void this.on.meet(each.from);
    }
    of.add(messages);
  }

  /** What is behind a hole is shown when the hole is filled. */
  insert(of: Conversation, message: Message): void {
    if (of.begun && message.id < of.oldest && !of.atStart) return;  // comes with its page
    if (of.begun && message.id <= of.newest + 1) {
      of.add([message]);
      of.trim(this.on.isOpen(of) && !document.hidden ? mostMessages : keptMessages);
      return;
    }
    if (message.id >= (of.preview?.id ?? 0)) of.preview = { ...message, voice: message.voice !== null };
    if (of.begun || of.loading || this.on.isOpen(of)) this.behind(of);
  }

  readonly handlers: Record<number, (pdu: Pdu) => void> = {
    // An operator has taken a message out. Fact: plugins/message/README.md.
    [cid.messages_removed_notify]: (pdu) => {
      const told = read(IMMessageRemovedNotifySchema, pdu);
      if (!told) return;
      this.all.conversation(told.sessionType === SessionType.GROUP, told.sessionId).remove(told.msgId);
      const line = this.all.open();
      if (line) void this.askUnread(line).catch(() => {});
    },
  };
}
