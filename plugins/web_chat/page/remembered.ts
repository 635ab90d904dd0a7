// Who is signed in in this tab. What is kept is what goes over the wire, never the password as it was typed; it is gone with
// the tab, and when the person signs out.
import { keptInTab } from 'parley/kept';
import type { Credentials } from './wire/link';

const key = 'parley.signed-in';

export function remember(who: Credentials): void {
  keptInTab.set(key, JSON.stringify(who));
}
export function forget(): void {
  keptInTab.remove(key);
}
export function remembered(): Credentials | null {
  try {
    const found = JSON.parse(keptInTab.get(key) ?? 'null') as Credentials | null;
    return found && typeof found.name === 'string' && /^[0-9a-f]{32}$/.test(found.digest) ? found : null;
  } catch {
    return null;
  }
}
