// Light, dark, or as the system is: watched by what draws.
import { setTheme, theme as chosen, type Theme } from 'parley/theme';

import { makeStore } from './store';

export const theme = makeStore<Theme>(chosen());

export function paint(next: Theme): void {
  setTheme(next);
  theme.set(next);
}

export const nextTheme = (now: Theme): Theme => (now === 'auto' ? 'light' : now === 'light' ? 'dark' : 'auto');
