// Addresses behind the #: #/users/12?search=x
import { makeStore, useStore } from './store';

export interface Place {
  parts: string[];
  query: URLSearchParams;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function read(): Place {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  return { parts: path.split('/').filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

const place = makeStore<Place>(read());
window.addEventListener('hashchange', () => place.set(read()));

export const usePlace = (): Place => useStore(place);

export function go(path: string): void {
  location.hash = path;
}

/** The same page with other words behind the ?; no entry in the history. */
export function refine(changes: Record<string, string | number | undefined>): void {
  const { parts, query } = read();
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, String(value));
  }
  const text = next.toString();
  history.replaceState(null, '', `#/${parts.map(encodeURIComponent).join('/')}${text ? '?' + text : ''}`);
  place.set(read());
}
