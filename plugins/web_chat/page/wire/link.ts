// Stays logged in: logs in again with growing pauses whenever the connection is lost, until the person leaves or is refused.
import { ClientType, KickReasonType, ResultType, UserStatType, type UserInfo } from 'proto/IM.BaseDefine_pb';
import { IMKickUserSchema, IMLoginReqSchema, IMLoginResSchema, IMLogoutReqSchema, IMLogoutRspSchema } from 'proto/IM.Login_pb';
import { cid } from 'proto/commands';
import type { Pdu } from 'parley/pdu';
import { Line, read, Refused } from './line';

export interface Credentials {
  name: string;
  /** passwordDigest() of the password. */
  digest: string;
}

export type End = 'signed-out' | 'wrong' | 'elsewhere' | 'phone' | 'busy' | 'database' | 'unreachable' | 'refused';

export interface LinkEvents {
  online(me: UserInfo, serverTime: number): void;
  /** Tries again by itself at that time (Date.now()). */
  waiting(retryAt: number): void;
  connecting(): void;
  pushed(pdu: Pdu): void;
  /** For good. The text is the server's, if it said any. */
  over(why: End, text: string): void;
}

const firstPauseMs = 300;
const longestPauseMs = 15_000;
const heartbeatMs = 25_000;
const silenceMs = 60_000;
const connectMs = 12_000;
const extensionLevel = 1;

export class Link {
  private line: Line | null = null;
  private timers = new Set<ReturnType<typeof setTimeout>>();
  private failures = 0;
  private wasOnline = false;
  private who: Credentials | null = null;
  online = false;

  constructor(
    private readonly url: string,
    private readonly on: LinkEvents,
  ) {
    addEventListener('online', () => this.hurry());
    document.addEventListener('visibilitychange', () => document.hidden || this.hurry());
  }

  /** The line, while it is logged in. */
  get open(): Line | null {
    return this.online ? this.line : null;
  }

  start(who: Credentials): void {
    this.stop();
    this.who = who;
    this.failures = 0;
    this.wasOnline = false;
    this.attempt();
  }

  async signOut(): Promise<void> {
    await this.open?.ask(cid.login_req_loginout, IMLogoutReqSchema, {}, IMLogoutRspSchema).catch(() => {});
    this.end('signed-out');
  }

  private attempt(): void {
    this.clear();
    this.on.connecting();
    const line = new Line(this.url, {
      opened: () => void this.logIn(line),
      pushed: (pdu) => this.line === line && this.pushed(pdu),
      closed: () => this.line === line && this.lost(),
    });
    this.line = line;
    this.after(connectMs, () => this.online || line.close());
  }

  private async logIn(line: Line): Promise<void> {
    const who = this.who!;
    try {
      const answer = await line.ask(cid.login_req_userlogin, IMLoginReqSchema, {
        userName: who.name, password: who.digest, onlineStatus: UserStatType.USER_STATUS_ONLINE,
        clientType: ClientType.WEB, clientVersion: 'parley-web', extensionLevel,
      }, IMLoginResSchema);
      if (this.line !== line) return;
      if (answer.resultCode === ResultType.REFUSE_REASON_NONE && answer.userInfo) return this.entered(line, answer.userInfo, answer.serverTime);
      if (answer.resultCode === ResultType.REFUSE_REASON_DB_VALIDATE_FAILED) return this.end('wrong', answer.resultString);
      // What will pass is worth waiting for, but not for somebody who looks at the form.
      if (this.wasOnline) return line.close();
      if (answer.resultCode === ResultType.REFUSE_REASON_MSG_SERVER_FULL) return this.end('busy', answer.resultString);
      if (answer.resultCode === ResultType.REFUSE_REASON_NO_DB_SERVER) return this.end('database', answer.resultString);
      this.end('refused', answer.resultString);
    } catch (why) {
      if (why instanceof Refused && !this.wasOnline) this.end('refused', why.message);
      else line.close();
    }
  }

  private entered(line: Line, me: UserInfo, serverTime: number): void {
    this.clear();
    this.online = true;
    this.wasOnline = true;
    this.after(5000, () => (this.failures = 0));
    this.watch(line);
    this.on.online(me, serverTime);
  }

  private watch(line: Line): void {
    this.after(heartbeatMs, () => {
      if (performance.now() - line.heardAt > silenceMs) return line.close();
      line.heartbeat();
      this.watch(line);
    });
  }

  /** The machine woke up, or the tab is looked at: what may be dead is found out now. */
  private hurry(): void {
    const line = this.line;
    if (!this.who) return;
    if (!line) return this.attempt();
    if (!this.online) return;
    const asked = performance.now();
    line.heartbeat();
    this.after(8000, () => line.heardAt < asked && line.close());
  }

  private pushed(pdu: Pdu): void {
    if (pdu.command !== cid.login_kick_user) return this.on.pushed(pdu);
    const mobile = read(IMKickUserSchema, pdu)?.kickReason === KickReasonType.KICK_REASON_MOBILE_KICK;
    this.end(mobile ? 'phone' : 'elsewhere');
  }

  private lost(): void {
    this.clear();
    this.online = false;
    this.line = null;
    if (!this.wasOnline && this.failures >= 2) return this.end('unreachable');
    const pause = Math.min(firstPauseMs * 2 ** this.failures++, longestPauseMs) * (0.75 + Math.random() / 2);
    this.on.waiting(Date.now() + pause);
    this.after(pause, () => this.attempt());
  }

  private end(why: End, text = ''): void {
    this.stop();
    this.on.over(why, text);
  }

  private stop(): void {
    this.clear();
    this.who = null;
    this.online = false;
    const line = this.line;
    this.line = null;
    line?.close();
  }

  private after(ms: number, what: () => void): void {
    const timer = setTimeout(() => (this.timers.delete(timer), what()), ms);
    this.timers.add(timer);
  }
  private clear(): void {
    for (const each of this.timers) clearTimeout(each);
    this.timers.clear();
  }
}
