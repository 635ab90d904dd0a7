// Tables that become cards on a phone; j and k walk their rows, whose first link Enter follows.
import type { ComponentChildren } from 'preact';

import { t } from '../lib/i18n';
import { count } from '../lib/format';

export interface Column<T> {
  label: string;
  show: (row: T) => ComponentChildren;
  number?: boolean;
  main?: boolean;
  wrap?: boolean;
}

interface TableProps<T> {
  columns: Column<T>[];
  rows: T[] | undefined;
  id: (row: T) => string | number;
  dim?: (row: T) => boolean;
  empty?: string;
  label: string;
}

export function Table<T>({ columns, rows, id, dim, empty, label }: TableProps<T>) {
  if (!rows) return <div class="waiting" aria-busy="true" />;
  if (!rows.length) return <p class="empty">{empty ?? t('list.empty')}</p>;
  const kind = (c: Column<T>): string => [c.number && 'number', c.main && 'main', c.wrap && 'wrap'].filter(Boolean).join(' ');
  return (
    <div class="scroll">
      <table class="list" aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.label} scope="col" class={kind(c)}>
                {c.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)} class={dim?.(row) ? 'dim' : undefined}>
              {columns.map((c) => (
                <td key={c.label} class={kind(c)} data-label={c.label}>
                  {c.show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Pager({ page, size, total, turn }: { page: number; size: number; total: number; turn: (page: number) => void }) {
  const last = Math.max(1, Math.ceil(total / size));
  return (
    <nav class="pager" aria-label={t('list.pages')}>
      <span>{t('list.total', { n: count(total) })}</span>
      <button type="button" data-key="[" disabled={page <= 1} onClick={() => turn(page - 1)}>
        {t('list.before')}
      </button>
      <span>{t('list.page', { page: count(page), last: count(last) })}</span>
      <button type="button" data-key="]" disabled={page >= last} onClick={() => turn(page + 1)}>
        {t('list.after')}
      </button>
    </nav>
  );
}
