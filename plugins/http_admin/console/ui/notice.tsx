// What the reader is told: banners where they belong, and short words that pass.
import type { ComponentChildren } from 'preact';

import type { ApiError } from '../lib/api';
import { makeStore, useStore } from '../lib/store';

interface Toast {
  n: number;
  text: string;
  bad: boolean;
}

const toasts = makeStore<Toast[]>([]);
let made = 0;

export function say(text: string, bad = false): void {
  const n = ++made;
  toasts.set([...toasts.get().slice(-3), { n, text, bad }]);
  setTimeout(() => toasts.set(toasts.get().filter((each) => each.n !== n)), bad ? 9000 : 4000);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {useStore(toasts).map((each) => (
        <div key={each.n} class={each.bad ? 'toast bad' : 'toast'}>
          {each.text}
        </div>
      ))}
    </div>
  );
}

export function Banner({ kind = 'bad', children }: { kind?: 'bad' | 'note' | 'good'; children: ComponentChildren }) {
  return (
    <p class={`banner ${kind}`} role={kind === 'bad' ? 'alert' : undefined}>
      {children}
    </p>
  );
}

export function Trouble({ error }: { error: ApiError | undefined }) {
  return error && error.status !== 401 ? <Banner>{error.message}</Banner> : null;
}
