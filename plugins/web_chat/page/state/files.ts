// Files from user to user: kept by the server until the recipient has them.
import { ClientFileState, TransferFileType } from 'proto/IM.BaseDefine_pb';
import {
  IMFileAddOfflineReqSchema, IMFileDelOfflineReqSchema, IMFileHasOfflineReqSchema, IMFileHasOfflineRspSchema, IMFileReqSchema,
  IMFileRspSchema, type IMFileNotify,
} from 'proto/IM.File_pb';
import { cid } from 'proto/commands';
import { Lost, Refused, type Line } from '../wire/line';
import { Transfer, type TransferEnd } from './transfer';

export interface SharedFile {
  /** Of this page's own. */
  number: number;
  peer: number;
  mine: boolean;
  name: string;
  size: number;
  time: number;
  /** asking: for a task; moving; sent: it waits for the recipient; offered: it waits for a click; here; ended */
  state: 'asking' | 'moving' | 'sent' | 'offered' | 'here' | 'ended';
  bytes: number;
  task: string;
  /** Why it ended, as a text's key or a sentence of the server's. */
  why: TransferEnd | 'refused' | '';
  text: string;
  source: Blob | null;
  transfer: Transfer | null;
}

export class Files {
  list: SharedFile[] = [];
  private newest = 0;
  private untold: Array<(line: Line) => void> = [];

  constructor(
    private readonly url: string,
    private readonly of: { me(): number; line(): Line | null; changed(): void; arrived(file: SharedFile): void; save(file: Blob, name: string): void },
  ) {}

  with(peer: number): SharedFile[] {
    return this.list.filter((each) => each.peer === peer);
  }

  send(peer: number, source: File): void {
    const file = this.add({ peer, mine: true, name: source.name.slice(-255), size: source.size, state: 'asking', task: '', source });
    void this.askForTask(file);
  }

  /** After a login: what the server keeps, and what could not be said before. */
  async catchUp(line: Line): Promise<void> {
    const answer = await line.ask(cid.file_has_offline_req, IMFileHasOfflineReqSchema, { userId: this.of.me() }, IMFileHasOfflineRspSchema);
    for (const each of this.untold.splice(0)) each(line);
    for (const each of this.list) if (each.state === 'asking') void this.askForTask(each);
    for (const each of answer.offlineFileList) this.offered(each.fromUserId, each.taskId, each.fileName, each.fileSize, false);
    this.of.changed();
  }

  notified(notice: IMFileNotify): void {
    // What is offered online is for a terminal that can take it while its sender is there: TeamTalk's PC.
    if (notice.transMode !== TransferFileType.FILE_TYPE_OFFLINE || notice.offlineReady !== 1 || notice.toUserId !== this.of.me()) return;
    this.offered(notice.fromUserId, notice.taskId, notice.fileName, notice.fileSize, true);
    this.of.changed();
  }

  fetch(file: SharedFile): void {
    if (file.state === 'here' && file.source) return this.of.save(file.source, file.name);
    if (file.state !== 'offered' && file.state !== 'ended') return;
    this.move(file, null);
  }

  /** Takes back what one sends, refuses what one is offered, stops what is under way. */
  stop(file: SharedFile): void {
    if (file.state === 'moving') {
      file.transfer?.stop(ClientFileState.CLIENT_FILE_CANCEL);
      if (!file.mine) return this.set(file, 'offered');
    }
    if (file.state === 'offered' || file.state === 'sent') this.forget(file);
    this.set(file, 'ended', 'ended');
  }

  clear(): void {
    for (const each of this.list) each.transfer?.stop(ClientFileState.CLIENT_FILE_CANCEL);
    this.list = [];
    this.untold = [];
  }

  private add(what: Pick<SharedFile, 'peer' | 'mine' | 'name' | 'size' | 'state' | 'task' | 'source'>): SharedFile {
    const file: SharedFile = { ...what, number: ++this.newest, time: Math.floor(Date.now() / 1000), bytes: 0, why: '', text: '', transfer: null };
    this.list = [...this.list, file];
    this.of.changed();
    return file;
  }

  private offered(peer: number, task: string, name: string, size: number, news: boolean): void {
    if (this.list.some((each) => each.task === task)) return;
    const file = this.add({ peer, mine: false, name, size, state: 'offered', task, source: null });
    if (news) this.of.arrived(file);
  }

  private async askForTask(file: SharedFile): Promise<void> {
    const line = this.of.line();
    if (!line) return;
    try {
      const answer = await line.ask(cid.file_request, IMFileReqSchema, {
        fromUserId: this.of.me(), toUserId: file.peer, fileName: file.name, fileSize: file.size, transMode: TransferFileType.FILE_TYPE_OFFLINE,
      }, IMFileRspSchema);
      if (file.state !== 'asking') return;
      if (answer.resultCode !== 0 || !answer.taskId) return this.set(file, 'ended', 'refused', answer.refusedText);
      file.task = answer.taskId;
      this.move(file, file.source);
    } catch (why) {
      if (why instanceof Lost) return;
      this.set(file, 'ended', 'refused', why instanceof Refused ? why.message : '');
    }
  }

  private move(file: SharedFile, source: Blob | null): void {
    this.set(file, 'moving');
    file.bytes = 0;
    file.transfer = new Transfer(this.url, this.of.me(), file.task, file.size, source, {
      moved: (bytes) => {
        file.bytes = bytes;
        this.of.changed();
      },
      ended: (how, content) => this.moved(file, how, content),
    });
  }

  private moved(file: SharedFile, how: TransferEnd, content: Blob | null): void {
    file.transfer = null;
    if (file.state !== 'moving') return;
    if (how !== 'done') return this.set(file, 'ended', how);
    if (file.mine) {
      file.source = null;
      this.tell((line) => line.tell(cid.file_add_offline_req, IMFileAddOfflineReqSchema, {
        fromUserId: this.of.me(), toUserId: file.peer, taskId: file.task, fileName: file.name, fileSize: file.size,
      }));
      return this.set(file, 'sent');
    }
    file.source = content;
    this.set(file, 'here');
    this.forget(file);
    if (content) this.of.save(content, file.name);
  }

  /** The server need not keep it any longer. */
  private forget(file: SharedFile): void {
    const [fromUserId, toUserId] = file.mine ? [this.of.me(), file.peer] : [file.peer, this.of.me()];
    this.tell((line) => line.tell(cid.file_del_offline_req, IMFileDelOfflineReqSchema, { fromUserId, toUserId, taskId: file.task }));
  }

  /** Neither is answered; what cannot be said now is said after the next login. */
  private tell(what: (line: Line) => void): void {
    const line = this.of.line();
    if (line) what(line);
    else this.untold.push(what);
  }

  private set(file: SharedFile, state: SharedFile['state'], why: SharedFile['why'] = '', text = ''): void {
    file.state = state;
    file.why = why;
    file.text = text;
    this.of.changed();
  }
}
