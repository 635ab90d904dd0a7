// Names of users whose number is all a list has: asked for once each, a few at a time.
import { useEffect, useState } from 'preact/hooks';

import { get } from './api';
import type { User } from './types';

const known = new Map<number, string>();
const waiting = new Map<number, Set<(name: string) => void>>();
const queue: number[] = [];
const at_once = 4;
let running = 0;

export function learn(user: { id: number; name: string }): void {
  known.set(user.id, user.name);
}

async function look(id: number): Promise<void> {
  ++running;
  const name = await get<User>(`/users/${id}`).then(
    (user) => user.name,
    () => '',
  );
  --running;
  if (name) known.set(id, name);
  for (const each of waiting.get(id) ?? []) each(name);
  waiting.delete(id);
  next();
}

function next(): void {
  while (running < at_once && queue.length) void look(queue.shift()!);
}

export function useName(id: number): string {
  const [name, setName] = useState(known.get(id) ?? '');
  useEffect(() => {
    setName(known.get(id) ?? '');
    if (!id || known.has(id)) return;
    const hear = setName;
    const heard = waiting.get(id);
    if (heard) {
      heard.add(hear);
    } else {
      waiting.set(id, new Set([hear]));
      queue.push(id);
      next();
    }
    return () => void waiting.get(id)?.delete(hear);
  }, [id]);
  return name;
}
