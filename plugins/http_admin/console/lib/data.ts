// What a page shows: fetched, fetched again, dropped when the page goes.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import { ApiError, get } from './api';
import { makeStore } from './store';

export interface Loaded<T> {
  data?: T;
  error?: ApiError;
  busy: boolean;
  reload(): void;
}

/** Pressing r, and every change that was made, fetches again what is shown. */
export const refreshed = makeStore(0);
export const refresh = (): void => refreshed.set(refreshed.get() + 1);

/** GET of a path, each `every` milliseconds while the page is seen; null: nothing. The last answer stays until the next. */
export function useData<T>(path: string | null, every = 0): Loaded<T> {
  const [state, setState] = useState<{ path: string | null; data?: T; error?: ApiError; busy: boolean }>({ path, busy: true });
  const again = useRef<() => void>(() => undefined);
  useEffect(() => {
    if (path === null) return setState({ path, busy: false });
    const gone = new AbortController();
    let timer = 0;
    let running = false;
    let wanted = false;
    const fetchIt = async (): Promise<void> => {
      clearTimeout(timer);
      wanted = running;
      if (running) return;
      running = true;
      setState((now) => ({ ...now, busy: true }));
      try {
        const data = await get<T>(path, { signal: gone.signal });
        if (!gone.signal.aborted) setState({ path, data, busy: false });
      } catch (problem) {
        if (gone.signal.aborted) return;
        const error = problem instanceof ApiError ? problem : new ApiError(0, 'page', String(problem));
        setState((now) => ({ path, data: now.path === path ? now.data : undefined, error, busy: false }));
      }
      running = false;
      if (wanted) return void fetchIt();
      if (every) timer = window.setTimeout(tick, every);
    };
    const tick = (): void => {
      if (document.hidden) timer = window.setTimeout(tick, every);
      else void fetchIt();
    };
    again.current = () => void fetchIt();
    void fetchIt();
    const stop = refreshed.watch(() => void fetchIt());
    return () => {
      gone.abort();
      clearTimeout(timer);
      stop();
    };
  }, [path, every]);
  const reload = useCallback(() => again.current(), []);
  return { data: state.data, error: state.error, busy: state.busy, reload };
}

export interface Page<T> {
  total: number;
  page?: number;
  size?: number;
  items: T[];
}
