// A value that components watch.
import { useEffect, useState } from 'preact/hooks';

export interface Store<T> {
  get(): T;
  set(next: T): void;
  watch(heard: () => void): () => void;
}

export function makeStore<T>(first: T): Store<T> {
  let value = first;
  const watchers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const each of [...watchers]) each();
    },
    watch(heard) {
      watchers.add(heard);
      return () => watchers.delete(heard);
    },
  };
}

export function useStore<T>(store: Store<T>): T {
  const [, again] = useState(0);
  useEffect(() => {
    const before = store.get();
    const stop = store.watch(() => again((n) => n + 1));
    if (!Object.is(before, store.get())) again((n) => n + 1);
    return stop;
  }, [store]);
  return store.get();
}
