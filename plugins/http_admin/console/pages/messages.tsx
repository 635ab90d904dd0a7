// Messages: searched, read in their conversation, traced.
import { useState } from 'preact/hooks';

import { may, query as ask } from '../lib/api';
import { useData } from '../lib/data';
import { count, exact } from '../lib/format';
import { t } from '../lib/i18n';
import { go, refine } from '../lib/router';
import type { FoundMessage, Message } from '../lib/types';
import { Trouble } from '../ui/notice';
import { Badge, Head } from '../ui/page';
import { Search } from '../ui/search';
import { Table } from '../ui/table';
import { UserLink } from '../ui/user_link';
import { Conversation } from './conversation';
import type { PageProps } from './index';
import { Trace } from './trace';

/** Who did not write it. */
const hearer = (m: FoundMessage): number => (m.author === m.user ? m.peer : m.user) ?? 0;
/** #/messages/single/A/B or group/G, where its conversation is. */
const placeOf = (m: FoundMessage): string => (m.group ? `group/${m.group}` : `single/${m.author}/${hearer(m)}`);

export function Text({ message }: { message: Message }) {
  if (message.removed) return <Badge>{t('message.removed')}</Badge>;
  if (message.type === 'audio') return <Badge kind="note">{t('message.audio', { s: message.seconds ?? 0 })}</Badge>;
  if (message.type === 'unreadable') return <Badge>{t('message.unreadable')}</Badge>;
  return <>{message.text}</>;
}

interface Found {
  items: FoundMessage[];
  scanned: number;
  next: string | null;
}

const seconds = (day: string, later = 0): number | undefined => (day ? Math.floor(new Date(day + 'T00:00').getTime() / 1000) + later : undefined);

/** Where is message X, for whom knows its numbers. */
function Where() {
  const [kind, setKind] = useState<'single' | 'group'>('single');
  const submit = (e: Event): void => {
    e.preventDefault();
    const v = new FormData(e.currentTarget as HTMLFormElement);
    const of = (name: string): string => encodeURIComponent(String(v.get(name) ?? ''));
    go(kind === 'single' ? `/messages/single/${of('from')}/${of('to')}/${of('id')}` : `/messages/group/${of('group')}/${of('id')}`);
  };
  const number = (name: string, label: string) => (
    <label>
      <span>{label}</span>
      <input name={name} type="number" min="1" required class="short" />
    </label>
  );
  return (
    <section class="card">
      <h2>{t('trace.where')}</h2>
      <form class="line-form" onSubmit={submit}>
        <label>
          <span>{t('trace.kind')}</span>
          <select value={kind} onChange={(e) => setKind(e.currentTarget.value as 'single')}>
            <option value="single">{t('message.single')}</option>
            <option value="group">{t('message.group')}</option>
          </select>
        </label>
        {kind === 'single' ? (
          <>
            {number('from', t('trace.from'))}
            {number('to', t('trace.to'))}
          </>
        ) : (
          number('group', t('trace.group'))
        )}
        {number('id', t('trace.id'))}
        <button type="submit">{t('trace.show')}</button>
      </form>
    </section>
  );
}

function Finder({ query }: { query: URLSearchParams }) {
  const of = (name: string): string => query.get(name) ?? '';
  const words = of('text');
  const path = words
    ? '/messages' + ask({ text: words, user: of('user'), peer: of('peer'), group: of('group'), since: seconds(of('since')), until: seconds(of('until'), 86400), from: of('from') })
    : null;
  const { data, error, busy } = useData<Found>(path);
  const narrow = (name: string, label: string, type = 'number') => (
    <label>
      <span>{label}</span>
      <input type={type as 'number'} min={type === 'number' ? '1' : undefined} class="short" value={of(name)} onChange={(e) => refine({ [name]: e.currentTarget.value, from: undefined })} />
    </label>
  );
  return (
    <>
      <section class="card">
        <h2>{t('message.search')}</h2>
        <div class="line-form">
          <label class="long">
            <span>{t('message.words')}</span>
            <Search label={t('message.words_hint')} value={words} find={(text) => refine({ text, from: undefined })} />
          </label>
          {narrow('user', t('message.of_user'))}
          {narrow('peer', t('message.and_user'))}
          {narrow('group', t('message.in_group'))}
          {narrow('since', t('message.since'), 'date')}
          {narrow('until', t('message.until'), 'date')}
        </div>
      </section>
      <Trouble error={error} />
      {words && data && (
        <>
          <Table
            label={t('message.found')}
            rows={data.items}
            id={(m) => `${placeOf(m)} ${m.id}`}
            empty={t('message.nothing')}
            columns={[
              { label: t('message.text'), main: true, wrap: true, show: (m) => <a href={`#/messages/${placeOf(m)}?at=${m.id}`}><Text message={m} /></a> },
              { label: t('message.from'), show: (m) => <UserLink id={m.author} /> },
              { label: t('message.to'), show: (m) => (m.group ? <a href={`#/groups/${m.group}`}>{t('message.group_n', { n: m.group })}</a> : <UserLink id={hearer(m)} />) },
              { label: t('message.at'), show: (m) => exact(m.created) },
              { label: t('list.id'), number: true, show: (m) => m.id },
            ]}
          />
          <nav class="pager">
            <span>{t('message.scanned', { n: count(data.scanned) })}</span>
            {data.next && (
              <button type="button" data-key="]" disabled={busy} onClick={() => refine({ from: data.next ?? undefined })}>
                {t('message.go_on')}
              </button>
            )}
          </nav>
        </>
      )}
    </>
  );
}

export function Messages({ parts, query }: PageProps) {
  const [kind, a = '', b, c] = parts;
  if (kind === 'single' && b) return c ? <Trace place={`single/${a}/${b}`} id={c} /> : <Conversation place={`single/${a}/${b}`} at={query.get('at')} />;
  if (kind === 'group' && a) return b ? <Trace place={`group/${a}`} id={b} /> : <Conversation place={`group/${a}`} at={query.get('at')} />;
  return (
    <>
      <Head title={t('nav.messages')} />
      {may('operator') && <Finder query={query} />}
      <Where />
    </>
  );
}
