// Sends what is written, in order, each until it is acknowledged: the server takes it once, however often it comes.
import { MsgType } from 'proto/IM.BaseDefine_pb';
import { IMMsgDataAckSchema, IMMsgDataSchema } from 'proto/IM.Message_pb';
import { cid } from 'proto/commands';
import type { Pdu } from 'parley/pdu';
import { pictureText, sealText } from '../wire/codec';
import { Lost, read, Refused, Silent, type Line } from '../wire/line';
import type { Context, Inserts } from './context';
import type { Key } from './conversation';
import type { Unsent } from './outbox';
import { prepare, upload } from './pictures';

const mostRetries = 6;
const longestPauseMs = 30_000;
export const passing = new Set([5, 6, 7]);  // too fast, busy, unavailable

export class Sender {
  constructor(
    private readonly all: Context,
    private readonly to: Inserts,
  ) {}

  say(to: Key, text: string): void {
    this.all.outbox.add(to, text);
    this.pump();
  }

  /** False when it is no picture. */
  async picture(to: Key, file: Blob): Promise<boolean> {
    const ready = await prepare(file);
    if (!ready) return false;
    this.all.outbox.add(to, null, { ...ready, preview: URL.createObjectURL(ready.file), share: 0 });
    this.pump();
    return true;
  }

  again(item: Unsent): void {
    Object.assign(item, { state: 'waiting', retries: 0, notBefore: 0, why: '' });
    this.all.outbox.keep();
    this.pump();
  }
  discard(item: Unsent): void {
    this.all.outbox.remove(item.clientId);
    this.pump();
  }

  /** One of a conversation is under way at a time, so that they stay in order whatever happens. */
  pump(): void {
    const line = this.all.open();
    const busy = new Set<Key>();
    for (const item of line ? this.all.outbox.items : []) {
      if (item.state === 'failed') continue;
      if (item.state === 'waiting' && !busy.has(item.to)) {
        const wait = item.notBefore - Date.now();
        if (wait > 0) setTimeout(() => this.pump(), wait);
        else void this.transmit(line!, item);
      }
      busy.add(item.to);
    }
    this.all.changed();
  }

  private async transmit(line: Line, item: Unsent): Promise<void> {
    item.state = 'sending';
    try {
      item.text ??= await this.uploaded(line, item);
      const ack = await line.ask(cid.msg_data, IMMsgDataSchema, {
        fromUserId: this.all.myId, toSessionId: Number(item.to.slice(1)), msgId: 0, createTime: item.time,
        msgType: item.to[0] === 'g' ? MsgType.GROUP_TEXT : MsgType.SINGLE_TEXT, msgData: sealText(item.text),
        clientMsgId: new TextEncoder().encode(item.clientId),
      }, IMMsgDataAckSchema);
      if (this.all.outbox.find(item.clientId)) this.settle(item, ack.msgId);
    } catch (why) {
      this.notSent(item, why as Error);
    }
    this.pump();
  }

  private async uploaded(line: Line, item: Unsent): Promise<string> {
    const url = await upload(line, item.picture!, (share) => {
      item.picture!.share = share;
      this.all.changed();
    });
    item.text = pictureText(url);
    this.all.outbox.keep();
    return item.text;
  }

  private settle(item: Unsent, id: number): void {
    this.all.outbox.remove(item.clientId);
    this.to.insert(this.all.at(item.to), { id, from: this.all.myId, time: item.time, text: item.text, voice: null, clientId: item.clientId });
  }

  private notSent(item: Unsent, why: Error): void {
    // Another attempt may be under way on a newer connection.
    if (item.state !== 'sending') return;
    item.state = 'waiting';
    if (why instanceof Lost) return;
    if (!(why instanceof Silent)) ++item.retries;
    if ((why instanceof Refused && !passing.has(why.code)) || item.retries > mostRetries) {
      item.state = 'failed';
      item.why = why instanceof Refused ? why.message : '';
      this.all.outbox.keep();
      return;
    }
    // Refused for a while, no answer, or an upload that broke off: the same once more, a bit later each time.
    const pause = why instanceof Refused && why.retryAfterMs > 0 ? why.retryAfterMs : Math.min(500 * 2 ** item.retries, longestPauseMs);
    item.notBefore = Date.now() + pause;
  }

  /** Behind its request's patience: as good as in time. */
  lateAck(pdu: Pdu): void {
    const ack = read(IMMsgDataAckSchema, pdu);
    const item = ack && this.all.outbox.find(new TextDecoder().decode(ack.clientMsgId));
    if (item) this.settle(item, ack.msgId);
  }
}
