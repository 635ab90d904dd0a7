// Texts in the languages that Parley's pages speak.
import { kept } from './kept';

export type Language = 'en' | 'zh';
export const languages: Record<Language, string> = { en: 'English', zh: '中文' };

const key = 'parley.language';
const listeners = new Set<() => void>();

function fitting(): Language {
  const chosen = kept.get(key);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  return navigator.languages.some((each) => each.toLowerCase().startsWith('zh')) &&
    !navigator.language.toLowerCase().startsWith('en')
    ? 'zh'
    : 'en';
}

let current: Language = fitting();
document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';

export const language = (): Language => current;
/** For Intl and toLocaleString. */
export const locale = (): string => (current === 'zh' ? 'zh-CN' : navigator.language.startsWith('en') ? navigator.language : 'en');

export function setLanguage(next: Language): void {
  current = next;
  kept.set(key, next);
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
  for (const each of listeners) each();
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * A function that finds a text and puts values in place of its {name}s. Every text has both languages:
 *   const t = texts({ unread: ['{n} unread', '{n} 条未读'] });   t('unread', { n: 3 })
 */
export function texts<Key extends string>(table: Record<Key, readonly [en: string, zh: string]>) {
  return (which: Key, values: Record<string, string | number> = {}): string =>
    table[which][current === 'zh' ? 1 : 0].replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}
