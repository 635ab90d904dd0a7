// Dark or light: what the person chose, else what the system has. theme.css does the rest.
import { kept } from './kept';

export type Theme = 'auto' | 'light' | 'dark';
const key = 'parley.theme';

export function theme(): Theme {
  const chosen = kept.get(key);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto';
}

export function setTheme(next: Theme): void {
  if (next === 'auto') kept.remove(key);
  else kept.set(key, next);
  applyTheme();
}

/** Once, before anything is shown. */
export function applyTheme(): void {
  const chosen = theme();
  if (chosen === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
