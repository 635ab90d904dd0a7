// Changes of plugins that this page asked for, and how they went; they outlive the page of the plugin.
import { ApiError, call, get, query } from './api';
import { refresh } from './data';
import { makeStore } from './store';
import type { LogLine, Swapped } from './types';

export type Verb = 'reload' | 'load' | 'unload' | 'rollback';

export interface Run {
  verb: Verb;
  asked: number;
  answered?: number;
  swapped?: Swapped;
  refused?: string;
  log: LogLine[];
}

type Runs = Readonly<Record<string, Run>>;

export const runs = makeStore<Runs>({});

function change(name: string, part: Partial<Run>): void {
  const run = runs.get()[name];
  if (run) runs.set({ ...runs.get(), [name]: { ...run, ...part } });
}

interface Log {
  next: number;
  lines: LogLine[];
}

const log = (after: number): Promise<Log> => get<Log>('/log' + query({ after: after || undefined, level: 'info', limit: after ? 200 : 1 }));

/** What the node says about a plugin while it is replaced and on its way out. */
async function listen(name: string, asked: number, after: number): Promise<void> {
  const mine = (line: LogLine): boolean => line.plugin === name || new RegExp(`\\b${name}\\b`).test(line.text);
  for (let turn = 0; turn < 40 && runs.get()[name]?.asked === asked; ++turn) {
    await new Promise((then) => setTimeout(then, turn < 8 ? 400 : 1000));
    const answer = await log(after).catch(() => null);
    if (!answer || runs.get()[name]?.asked !== asked) continue;
    after = answer.next;
    const lines = answer.lines.filter(mine);
    if (lines.length) change(name, { log: [...runs.get()[name]!.log, ...lines].slice(-30) });
  }
}

export async function start(name: string, verb: Verb): Promise<void> {
  const asked = Date.now();
  runs.set({ ...runs.get(), [name]: { verb, asked, log: [] } });
  const before = await log(0).catch(() => null);
  if (before) void listen(name, asked, before.next);
  try {
    const answer = await call<Swapped[]>('POST', `/plugins/${encodeURIComponent(name)}/${verb}`);
    change(name, { answered: Date.now(), swapped: answer.find((each) => each.plugin === name) });
  } catch (problem) {
    change(name, { answered: Date.now(), refused: problem instanceof ApiError ? problem.message : String(problem) });
  }
  refresh();
}
