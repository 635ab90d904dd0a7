// Where a message is: its way as a time line.
import type { ComponentChildren } from 'preact';

import { may } from '../lib/api';
import { useData } from '../lib/data';
import { clock, exact } from '../lib/format';
import { t, word } from '../lib/i18n';
import type { Way } from '../lib/types';
import { Banner, Trouble } from '../ui/notice';
import { Head } from '../ui/page';
import { Icon } from '../ui/icons';
import { UserLink } from '../ui/user_link';

interface Event {
  name: string;
  /** Unix seconds or, where the node knows better, milliseconds. */
  at: number | null | undefined;
  says?: ComponentChildren;
  late?: boolean;
}

const precise = (at: number): boolean => at > 1e11;
const when = (at: number | null | undefined): string => (at ? (precise(at) ? clock(at) : exact(at)) : '');

function eventsOf(way: Way): Event[] {
  const events: Event[] = [];
  if (way.accepted) events.push({ name: t('trace.accepted'), at: way.accepted, says: <UserLink id={way.sender} /> });
  events.push({ name: t('trace.committed'), at: way.committed });
  for (const push of way.pushed ?? []) {
    events.push({
      name: t('trace.pushed'),
      at: push.at,
      says: (
        <>
          <UserLink id={push.user} /> · {word('tag', String(push.tag))} · {t('log.session', { n: push.session })} ·{' '}
          {push.acked ? t('trace.acked', { at: when(push.acked) }) : t('trace.not_acked')}
        </>
      ),
      late: !push.acked,
    });
  }
  for (const read of way.read ?? []) {
    const before = read.at === undefined && read.until ? ` · ${t('trace.read_until', { at: when(read.until) })}` : '';
    events.push({ name: t('trace.read'), at: read.at, says: <><UserLink id={read.user} />{before}</> });
  }
  return events;
}

export function Trace({ place, id }: { place: string; id: string }) {
  const { data, error } = useData<Way>(`/messages/${place}/${encodeURIComponent(id)}/trace`, 3000);
  const conversation = `#/messages/${place}?at=${encodeURIComponent(id)}`;
  return (
    <>
      <Head title={t('trace.of', { id })} back={may('operator') ? { href: conversation, label: t('message.conversation') } : { href: '#/messages', label: t('nav.messages') }} />
      <Trouble error={error} />
      {data?.removed && <Banner kind="note">{t('trace.removed')}</Banner>}
      {data && data.remembered && data.complete === false && <Banner kind="note">{t('trace.incomplete')}</Banner>}
      {data && !data.remembered && <Banner kind="note">{t('trace.forgotten')}</Banner>}
      {data && (
        <section class="card">
          <ol class="steps time-line">
            {eventsOf(data).map((event, i) => (
              <li key={i} class={event.late ? 'now' : 'done'}>
                <span class="mark">{!event.late && <Icon name="check" />}</span>
                <div>
                  <b>{event.name}</b> <time>{when(event.at)}</time>
                  {event.says && <small>{event.says}</small>}
                </div>
              </li>
            ))}
            {!data.read?.length && (
              <li class="later">
                <span class="mark" />
                <div>
                  <b>{t('trace.not_read')}</b>
                </div>
              </li>
            )}
          </ol>
        </section>
      )}
    </>
  );
}
