// What was written and is not acknowledged yet. It survives a reload of the tab; the server takes each once, by its client id.
import { keptInTab } from 'parley/kept';
import type { Key } from './conversation';

export interface Unsent {
  clientId: string;
  to: Key;
  /** As people read it. Of a picture that is not uploaded yet, null. */
  text: string | null;
  time: number;
  /** waiting: goes out by itself; failed: the person decides. */
  state: 'waiting' | 'sending' | 'failed';
  why: string;
  retries: number;
  notBefore: number;
  picture: { file: Blob; name: string; preview: string; width: number; height: number; share: number } | null;
}

export class Outbox {
  items: Unsent[] = [];
  private place = '';

  /** What this tab had not sent for that user. */
  load(user: number): void {
    this.place = `parley.outbox.${user}`;
    try {
      const stored = JSON.parse(keptInTab.get(this.place) ?? '[]') as Array<Pick<Unsent, 'clientId' | 'to' | 'text' | 'time'> & { why?: string }>;
      for (const each of stored) {
        if (!this.find(each.clientId)) {
          // What was refused for good is still the person's to decide.
          const state = each.why === undefined ? 'waiting' : 'failed';
          this.items.push({ ...each, state, why: each.why ?? '', retries: 0, notBefore: 0, picture: null });
        }
      }
    } catch {
      keptInTab.remove(this.place);
    }
  }

  add(to: Key, text: string | null, picture: Unsent['picture'] = null): Unsent {
    const item: Unsent = {
      clientId: crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join(''),
      to, text, time: Math.floor(Date.now() / 1000), state: 'waiting', why: '', retries: 0, notBefore: 0, picture,
    };
    this.items.push(item);
    this.keep();
    return item;
  }

  find(clientId: string): Unsent | undefined {
    return this.items.find((each) => each.clientId === clientId);
  }

  remove(clientId: string): void {
    const item = this.find(clientId);
    if (!item) return;
    if (item.picture) URL.revokeObjectURL(item.picture.preview);
    this.items = this.items.filter((each) => each !== item);
    this.keep();
  }

  /** Nobody knows what became of what was under way: it goes out again, under the same id. */
  connectionLost(): void {
    for (const each of this.items) if (each.state === 'sending') each.state = 'waiting';
  }

  forget(): void {
    for (const each of this.items) if (each.picture) URL.revokeObjectURL(each.picture.preview);
    this.items = [];
    keptInTab.remove(this.place);
  }

  keep(): void {
    const texts = this.items.filter((each) => each.text !== null);
    keptInTab.set(this.place, JSON.stringify(texts.map(({ clientId, to, text, time, state, why }) => ({ clientId, to, text, time, ...(state === 'failed' ? { why } : {}) }))));
  }
}
