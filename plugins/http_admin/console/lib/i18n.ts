// Texts in the language of the reader.
import { language as spoken, type Language, onLanguage, setLanguage } from 'parley/i18n';

import { en } from '../lang/en';
import { zh } from '../lang/zh';
import { makeStore } from './store';

export type Key = keyof typeof en;

const catalogues: Record<Language, Record<Key, string>> = { en, zh };

export const language = makeStore<Language>(spoken());
onLanguage(() => language.set(spoken()));

export const speak = setLanguage;

/** The text of a key, its {names} filled in. */
export function t(key: Key, values?: Record<string, string | number>): string {
  const text = catalogues[spoken()][key];
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The text of a word the server speaks, or the word itself. */
export function word(group: string, value: string): string {
  const key = `${group}.${value}`;
  return Object.hasOwn(en, key) ? t(key as Key) : value;
}
