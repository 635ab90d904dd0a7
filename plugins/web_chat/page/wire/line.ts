// A WebSocket that carries PDUs, and what is asked on it.
import { create, fromBinary, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { IMRefusedSchema } from 'proto/Parley.Host_pb';
import { cid } from 'proto/commands';
import { decodePdu, encodePdu, type Pdu } from 'parley/pdu';

/** Why a request has no answer. */
export class Refused extends Error {
  constructor(
    readonly code: number,
    text: string,
    readonly retryAfterMs = 0,
  ) {
    super(text);
  }
}
export class Lost extends Error {
  constructor() {
    super('the connection is lost');
  }
}
export class Silent extends Error {
  constructor() {
    super('no answer');
  }
}

/** Null for a body that does not parse: the server is taken for newer, not for broken. */
export function read<Desc extends DescMessage>(schema: Desc, pdu: Pdu): MessageShape<Desc> | null {
  try {
    return fromBinary(schema, pdu.body);
  } catch {
    return null;
  }
}

interface Waiting {
  take(pdu: Pdu): boolean;
  fail(why: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

const answerMs = 10_000;
const lastSeq = 32_766;

export class Line {
  private socket: WebSocket;
  private waiting = new Map<number, Waiting>();
  private seq = 0;
  private over = false;
  /** performance.now() of the last byte that came. */
  heardAt = performance.now();

  constructor(
    url: string,
    private readonly on: { opened(): void; pushed(pdu: Pdu): void; closed(): void },
  ) {
    this.socket = new WebSocket(url);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.on.opened();
    this.socket.onmessage = (event: MessageEvent<unknown>) => event.data instanceof ArrayBuffer && this.received(event.data);
    this.socket.onclose = () => this.end();
  }

  /** Bytes that the browser has not handed on yet. */
  get behind(): number {
    return this.socket.bufferedAmount;
  }

  tell<Desc extends DescMessage>(command: number, schema: Desc, message: MessageInitShape<Desc>, seq = 0): void {
    this.send(encodePdu(command, seq, toBinary(schema, create(schema, message))));
  }

  heartbeat(): void {
    this.send(encodePdu(cid.other_heartbeat, 0));
  }

  /** The one answer. */
  ask<Ask extends DescMessage, Answer extends DescMessage>(
    command: number, schema: Ask, message: MessageInitShape<Ask>, answer: Answer,
  ): Promise<MessageShape<Answer>> {
    return new Promise((then, fail) => {
      this.askAll(command, schema, message, answer, (each) => (then(each), false)).catch(fail);
    });
  }

  /** Several answers under one seq, as long as `more` says that another follows. */
  askAll<Ask extends DescMessage, Answer extends DescMessage>(
    command: number, schema: Ask, message: MessageInitShape<Ask>, answer: Answer, more: (each: MessageShape<Answer>) => boolean,
  ): Promise<void> {
    return new Promise((then, fail) => {
      if (this.over || this.socket.readyState !== WebSocket.OPEN) return fail(new Lost());
      do this.seq = (this.seq % lastSeq) + 1;
      while (this.waiting.has(this.seq));
      const seq = this.seq;
      const done = (how: () => void) => {
        clearTimeout(this.waiting.get(seq)?.timer);
        this.waiting.delete(seq);
        how();
      };
      const patience = () => setTimeout(() => done(() => fail(new Silent())), answerMs);
      const waiting: Waiting = {
        timer: patience(),
        fail: (why) => done(() => fail(why)),
        take: (pdu) => {
          if (pdu.command === cid.host_refused) {
            const why = read(IMRefusedSchema, pdu);
            done(() => fail(new Refused(why?.code ?? 0, why?.text ?? '', why?.retryAfterMs ?? 0)));
            return true;
          }
          const body = read(answer, pdu);
          if (!body) {
            done(() => fail(new Silent()));
          } else if (more(body)) {
            clearTimeout(waiting.timer);
            waiting.timer = patience();
          } else {
            done(then);
          }
          return true;
        },
      };
      this.waiting.set(seq, waiting);
      this.tell(command, schema, message, seq);
    });
  }

  close(): void {
    this.socket.close();
    this.end();
  }

  private send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(bytes);
  }

  private received(data: ArrayBuffer): void {
    if (this.over) return;
    this.heardAt = performance.now();
    const pdu = decodePdu(data);
    if (!pdu || pdu.command === cid.other_heartbeat) return;
    if (pdu.seq !== 0 && this.waiting.get(pdu.seq)?.take(pdu)) return;
    this.on.pushed(pdu);
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    for (const each of [...this.waiting.values()]) each.fail(new Lost());
    this.on.closed();
  }
}
