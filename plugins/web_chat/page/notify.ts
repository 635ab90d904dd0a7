// News while nobody looks: the tab's title, and the desktop where the person wants it.
import { kept } from 'parley/kept';

const key = 'parley.notify';

export const canNotify = (): boolean => 'Notification' in window && isSecureContext;
export const notifyDenied = (): boolean => canNotify() && Notification.permission === 'denied';
export const notifies = (): boolean => canNotify() && Notification.permission === 'granted' && kept.get(key) === 'on';

export async function setNotify(on: boolean): Promise<void> {
  if (on && canNotify() && Notification.permission !== 'granted') await Notification.requestPermission();
  if (on && canNotify() && Notification.permission === 'granted') kept.set(key, 'on');
  else kept.remove(key);
}

/** One per conversation: the next takes the place of the last. */
export function notify(tag: string, title: string, body: string, clicked: () => void): void {
  if (!notifies() || (!document.hidden && document.hasFocus())) return;
  try {
    const shown = new Notification(title, { body: body.slice(0, 200), tag });
    shown.onclick = () => {
      window.focus();
      clicked();
      shown.close();
    };
  } catch {
    // Browsers of phones have none that a page makes by itself.
  }
}

export function showUnread(count: number): void {
  document.title = count > 0 ? `(${count > 99 ? '99+' : count}) Parley` : 'Parley';
}
