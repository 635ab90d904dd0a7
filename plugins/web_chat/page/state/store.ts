// Something that is shown: tells once per turn that it has changed.
import { useEffect, useReducer } from 'preact/hooks';

export class Store {
  private listeners = new Set<() => void>();
  private told = true;

  readonly changed = (): void => {
    if (!this.told) return;
    this.told = false;
    queueMicrotask(() => {
      this.told = true;
      for (const each of this.listeners) each();
    });
  };

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Renders a component anew whenever the store has changed. */
export function useStore(store: Store): void {
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => store.subscribe(() => again(undefined as never)), [store]);
}
