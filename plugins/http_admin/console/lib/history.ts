// The last minutes of the node's numbers, as this page has seen them.
import type { Pool, Stats } from './types';

const most = 300;

let seen: Stats[] = [];

/** Numbers that went back are another process's: what was before them is another story. */
export function note(stats: Stats): Stats[] {
  const last = seen.at(-1);
  if (last && (stats.at_ms === last.at_ms || last === stats)) return seen;
  if (last && (stats.uptime_ms < last.uptime_ms || stats.at_ms < last.at_ms)) seen = [];
  return (seen = [...seen.slice(1 - most), stats]);
}

export const history = (): Stats[] => seen;

export const times = (all: Stats[]): number[] => all.map((each) => each.at_ms);

/** A counter as so many per second; nothing where it was set back. */
export function rate(all: Stats[], of: (stats: Stats) => number | undefined): (number | null)[] {
  return all.map((now, i) => {
    const before = all[i - 1];
    const a = before && of(before);
    const b = of(now);
    if (!before || a === undefined || b === undefined || b < a) return null;
    return ((b - a) * 1000) / Math.max(1, now.at_ms - before.at_ms);
  });
}

export const level = (all: Stats[], of: (stats: Stats) => number | undefined): (number | null)[] => all.map((each) => of(each) ?? null);

const sum = (values: (number | null)[]): number => values.reduce<number>((all, each) => all + (each ?? 0), 0);

/** The lines that had most of it, by name where they are level. */
export function greatest<T extends { name: string; values: (number | null)[] }>(lines: T[], count: number): T[] {
  return lines
    .map((line) => ({ line, sum: sum(line.values) }))
    .sort((a, b) => b.sum - a.sum || (a.line.name < b.line.name ? -1 : 1))
    .slice(0, count)
    .map((each) => each.line);
}

export const poolName = (pool: Pool): string => (pool.kind.startsWith('sql') ? `${pool.name} ${pool.kind.slice(4)}` : pool.name);
