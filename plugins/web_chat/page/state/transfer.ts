// One file on its way to the server or from it, over a connection of its own. Facts: proto/README.md 7, plugins/file/README.md.
import { ClientFileRole, ClientFileState, TransferFileType } from 'proto/IM.BaseDefine_pb';
import {
  IMFileLoginReqSchema, IMFileLoginRspSchema, IMFilePullDataReqSchema, IMFilePullDataRspSchema, IMFileStateSchema,
} from 'proto/IM.File_pb';
import { cid } from 'proto/commands';
import type { Pdu } from 'parley/pdu';
import { Line, read } from '../wire/line';

const block = 32_768;
const largestBlock = 512 << 10;
const window = 4;
const joinedBlocks = 128;
const partingMs = 3000;
const level = 1;
const firstPauseMs = 300;
const longestPauseMs = 5000;
const patienceMs = 60_000;

export type TransferEnd = 'done' | 'unknown' | 'ended' | 'lost' | 'unreadable';

export interface TransferEvents {
  moved(bytes: number): void;
  ended(how: TransferEnd, content: Blob | null): void;
}

/** Goes on where it stopped when its connection is lost, until nobody answers for a minute. */
export class Transfer {
  private line: Line | null = null;
  private received: Blob[] = [];
  private there = 0;
  private asked = 0;
  private failures = 0;
  private failingSince = 0;
  private complete = false;
  private over = false;
  private entered = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Blocks go out in the order in which they were asked for. */
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly me: number,
    private readonly task: string,
    private readonly size: number,
    /** What is sent; null receives. */
    private readonly source: Blob | null,
    private readonly on: TransferEvents,
  ) {
    this.attempt();
  }

  /** The server hears it, as far as it is reached. */
  stop(how: ClientFileState.CLIENT_FILE_CANCEL | ClientFileState.CLIENT_FILE_REFUSE, end: TransferEnd = 'ended'): void {
    this.line?.tell(cid.file_state, IMFileStateSchema, { state: how, taskId: this.task, userId: this.me });
    this.end(end);
  }

  private attempt(): void {
    this.entered = false;
    const line = new Line(this.url, {
      opened: () => void this.enter(line),
      pushed: (pdu) => this.line === line && this.take(line, pdu),
      closed: () => this.line === line && this.lost(),
    });
    this.line = line;
  }

  private async enter(line: Line): Promise<void> {
    try {
      const answer = await line.ask(cid.file_login_req, IMFileLoginReqSchema, {
        userId: this.me, taskId: this.task, extensionLevel: level,
        fileRole: this.source ? ClientFileRole.CLIENT_OFFLINE_UPLOAD : ClientFileRole.CLIENT_OFFLINE_DOWNLOAD,
        ...(this.there > 0 ? { resumeOffset: this.there } : {}),
      }, IMFileLoginRspSchema);
      if (this.line !== line) return;
      if (answer.resultCode !== 0) return this.end('unknown');
      this.entered = true;
      if (this.source) return;
      this.goBack(answer.offset);
      if (this.there === this.size) this.allThere();
      else this.pull(line);
    } catch {
      line.close();
    }
  }

  /** The server goes on earlier than what is here: the rest comes again. */
  private goBack(offset: number): void {
    if (offset >= this.there) return;
    this.received = [new Blob(this.received).slice(0, offset)];
    this.there = offset;
  }

  private pull(line: Line): void {
    if (this.asked < this.there || !this.entered) this.asked = this.there;
    while (this.asked < this.size && this.asked - this.there < window * block) {
      const dataSize = Math.min(block, this.size - this.asked);
      line.tell(cid.file_pull_data_req, IMFilePullDataReqSchema, {
        taskId: this.task, userId: this.me, transMode: TransferFileType.FILE_TYPE_OFFLINE, offset: this.asked, dataSize,
      }, 1);
      this.asked += dataSize;
    }
  }

  private take(line: Line, pdu: Pdu): void {
    if (pdu.command === cid.file_pull_data_req && this.source) {
      this.reading = this.reading.then(() => this.give(line, this.source!, pdu));
    } else if (pdu.command === cid.file_pull_data_rsp && !this.source) {
      const brought = read(IMFilePullDataRspSchema, pdu);
      if (!brought || brought.resultCode !== 0 || brought.offset !== this.there || brought.fileData.length === 0) return line.close();
      this.received.push(new Blob([new Uint8Array(brought.fileData)]));
      if (this.received.length >= joinedBlocks) this.received = [new Blob(this.received)];
      this.moved(this.there + brought.fileData.length);
      if (this.there >= this.size) this.allThere();
      else this.pull(line);
    } else if (pdu.command === cid.file_state) {
      const state = read(IMFileStateSchema, pdu)?.state;
      if (state === ClientFileState.CLIENT_FILE_DONE) this.end('done');
      else if (state !== ClientFileState.CLIENT_FILE_PEER_READY) this.end('ended');
    }
  }

  private async give(line: Line, source: Blob, pdu: Pdu): Promise<void> {
    const wanted = read(IMFilePullDataReqSchema, pdu);
    if (this.line !== line) return;
    if (!wanted || wanted.offset > this.size) return this.end('ended');
    const end = Math.min(wanted.offset + Math.min(wanted.dataSize, largestBlock), this.size);
    try {
      const fileData = new Uint8Array(await source.slice(wanted.offset, end).arrayBuffer());
      if (this.line !== line) return;
      line.tell(cid.file_pull_data_rsp, IMFilePullDataRspSchema, {
        resultCode: 0, taskId: this.task, userId: this.me, offset: wanted.offset, fileData,
      }, pdu.seq);
      this.moved(end);
    } catch {
      this.stop(ClientFileState.CLIENT_FILE_CANCEL, 'unreadable');
    }
  }

  /** The server says so too, and closes; it need not be waited for. */
  private allThere(): void {
    this.complete = true;
    this.timer = setTimeout(() => this.end('done'), partingMs);
  }

  private moved(to: number): void {
    if (to > this.there) this.failures = 0;
    this.there = to;
    this.on.moved(to);
  }

  private lost(): void {
    this.line = null;
    if (this.over) return;
    // All of it is here: what the server had to say besides is not worth another connection.
    if (this.complete) return this.end('done');
    if (this.failures === 0) this.failingSince = Date.now();
    if (Date.now() - this.failingSince > patienceMs) return this.end('lost');
    const pause = Math.min(firstPauseMs * 2 ** this.failures++, longestPauseMs);
    this.asked = this.there;
    this.timer = setTimeout(() => this.attempt(), pause);
  }

  private end(how: TransferEnd): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    const line = this.line;
    this.line = null;
    line?.close();
    this.on.ended(how, how === 'done' && !this.source ? new Blob(this.received) : null);
  }
}
