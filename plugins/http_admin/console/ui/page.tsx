// The head of a page, and small parts that many pages show.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

import { t } from '../lib/i18n';

export function Head({ title, back, children }: { title: string; back?: { href: string; label: string }; children?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Parley`;
  }, [title]);
  return (
    <header class="head">
      <div>
        {back && (
          <a class="back" href={back.href}>
            ‹ {back.label}
          </a>
        )}
        <h1>{title}</h1>
      </div>
      <div class="tools">{children}</div>
    </header>
  );
}

export function Badge({ kind, children }: { kind?: 'good' | 'bad' | 'note' | undefined; children: ComponentChildren }) {
  return <span class={kind ? `badge ${kind}` : 'badge'}>{children}</span>;
}

export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export const yesNo = (value: boolean): string => t(value ? 'say.yes' : 'say.no');
