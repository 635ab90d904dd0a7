// Times for people, in their language and zone. Unix seconds in.
import { locale } from './i18n';

const day = (time: Date): number => new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();

function daysAgo(seconds: number): number {
  return Math.round((day(new Date()) - day(new Date(seconds * 1000))) / 86_400_000);
}

export function timeOfDay(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString(locale(), { hour: 'numeric', minute: '2-digit' });
}

/** "Today", "Yesterday", else a date. */
export function dayName(seconds: number): string {
  const ago = daysAgo(seconds);
  if (ago === 0 || ago === 1) {
    const word = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(-ago, 'day');
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  const time = new Date(seconds * 1000);
  const year = time.getFullYear() === new Date().getFullYear() ? undefined : ('numeric' as const);
  return time.toLocaleDateString(locale(), { weekday: 'long', day: 'numeric', month: 'long', year });
}

/** As short as a list needs it: a time today, a weekday this week, a date before. */
export function shortTime(seconds: number): string {
  const ago = daysAgo(seconds);
  if (ago <= 0) return timeOfDay(seconds);
  const time = new Date(seconds * 1000);
  if (ago < 7) return time.toLocaleDateString(locale(), { weekday: 'short' });
  return time.toLocaleDateString(locale(), { day: 'numeric', month: 'numeric', year: ago > 300 ? '2-digit' : undefined });
}

export function fullTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Bytes, as "1.4 MB". */
export function sizeName(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let at = 0;
  while (bytes >= 1000 && at + 1 < units.length) {
    bytes /= 1024;
    ++at;
  }
  return `${at === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[at]}`;
}
