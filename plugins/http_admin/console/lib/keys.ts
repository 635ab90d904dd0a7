// Keys: what is marked data-key is pressed or focused by it; g and a letter lead to a page; j and k walk rows.
import { me, may } from './api';
import { refresh } from './data';
import { places } from './places';
import { go } from './router';
import { makeStore } from './store';

export const helpShown = makeStore(false);

let prefix = 0;

function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function walk(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main table.list tbody tr, main ul.tree li > div')];
  const targets = rows.map((row) => row.querySelector<HTMLElement>('a, button')).filter((each) => each !== null);
  if (!targets.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : targets.length - 1) : Math.min(targets.length - 1, Math.max(0, at + step));
  targets[next]?.focus();
}

function press(key: string): boolean {
  const marked = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (!marked) return false;
  if (writing(marked)) {
    marked.focus();
    (marked as HTMLInputElement).select?.();
  } else {
    marked.click();
  }
  return true;
}

function lead(key: string): boolean {
  const found = places.flatMap((group) => group.items).find((each) => each.key === key && may(each.role));
  if (found) go('/' + found.path);
  return !!found;
}

function heard(e: KeyboardEvent): void {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || !me.get()) return;
  if (e.key === 'Escape' && writing(e.target)) return (e.target as HTMLElement).blur();
  if (writing(e.target)) return;
  if (document.querySelector('dialog[open]')) return;
  const led = Date.now() - prefix < 1500;
  prefix = 0;
  let done = true;
  if (led) done = lead(e.key);
  else if (e.key === 'g') prefix = Date.now();
  else if (e.key === '?') helpShown.set(true);
  else if (e.key === 'j') walk(1);
  else if (e.key === 'k') walk(-1);
  else if (e.key === 'r') refresh();
  else done = press(e.key);
  if (done) e.preventDefault();
}

export const listenToKeys = (): void => document.addEventListener('keydown', heard);
