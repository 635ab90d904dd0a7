// Numbers and times as the reader writes them.
import { locale } from 'parley/i18n';

import { t } from './i18n';

const made = new Map<string, unknown>();

function once<T>(name: string, make: () => T): T {
  const key = `${locale()} ${name}`;
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}

export function count(value: number): string {
  return once('count', () => new Intl.NumberFormat(locale())).format(value);
}

/** Three digits or so: 1.2k, 34.5, 0.02. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 10000)
    return once('short', () => new Intl.NumberFormat(locale(), { notation: 'compact', maximumFractionDigits: 1 })).format(value);
  return once(`digits${size < 10}`, () => new Intl.NumberFormat(locale(), { maximumFractionDigits: size < 10 ? 2 : size < 100 ? 1 : 0 })).format(value);
}

/** Microseconds. */
export function micros(value: number): string {
  if (value >= 1_000_000) return `${short(value / 1_000_000)} s`;
  if (value >= 1000) return `${short(value / 1000)} ms`;
  return `${short(value)} µs`;
}

export function bytes(value: number): string {
  if (value >= 1 << 30) return `${short(value / (1 << 30))} GiB`;
  if (value >= 1 << 20) return `${short(value / (1 << 20))} MiB`;
  if (value >= 1 << 10) return `${short(value / (1 << 10))} KiB`;
  return `${count(value)} B`;
}

/** A length of time in seconds: 3 d 4 h. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return t('span.s', { s });
  if (s < 3600) return t('span.min', { min: Math.floor(s / 60), s: s % 60 });
  if (s < 86400) return t('span.h', { h: Math.floor(s / 3600), min: Math.floor((s % 3600) / 60) });
  return t('span.d', { d: Math.floor(s / 86400), h: Math.floor((s % 86400) / 3600) });
}

function time(name: string, at: number, options: Intl.DateTimeFormatOptions): string {
  return once(name, () => new Intl.DateTimeFormat(locale(), options)).format(at);
}

/** Unix seconds as day and time. */
export function moment(at: number | null | undefined): string {
  return at ? time('moment', at * 1000, { dateStyle: 'medium', timeStyle: 'short' }) : '–';
}

/** Unix seconds to the second. */
export function exact(at: number | null | undefined): string {
  return at ? time('exact', at * 1000, { dateStyle: 'medium', timeStyle: 'medium' }) : '–';
}

/** Milliseconds as a time of day, with its thousandths. */
export function clock(at_ms: number): string {
  return time('clock', at_ms, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false });
}
