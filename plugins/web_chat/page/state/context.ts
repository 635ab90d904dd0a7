// What the parts of a chat share.
import type { UserInfo } from 'proto/IM.BaseDefine_pb';
import { Lost, type Line } from '../wire/line';
import { Conversation, keyOf, type Key, type Message } from './conversation';
import { Outbox } from './outbox';
import { People } from './people';

export class Context {
  me: UserInfo | null = null;
  people = new People();
  conversations = new Map<Key, Conversation>();
  readonly outbox = new Outbox();

  constructor(
    /** The line while one is logged in, else null. */
    readonly open: () => Line | null,
    readonly changed: () => void,
  ) {}

  /** For what somebody asked for just now. */
  line(): Line {
    const line = this.open();
    if (!line) throw new Lost();
    return line;
  }
  get myId(): number {
    return this.me?.userId ?? 0;
  }

  conversation(group: boolean, id: number): Conversation {
    const key = keyOf(group, id);
    let found = this.conversations.get(key);
    if (!found) this.conversations.set(key, (found = new Conversation(group, id)));
    return found;
  }
  at(key: Key): Conversation {
    return this.conversation(key[0] === 'g', Number(key.slice(1)));
  }

  clear(): void {
    this.me = null;
    this.people = new People();
    this.conversations.clear();
    this.outbox.items = [];
  }
}

/** Puts a message where it belongs, whatever brought it. */
export interface Inserts {
  insert(of: Conversation, message: Message): void;
}
