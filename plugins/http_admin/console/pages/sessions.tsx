// Who is connected right now.
import { call, may, query as ask } from '../lib/api';
import { type Page, refresh, useData } from '../lib/data';
import { bytes, span } from '../lib/format';
import { t, word } from '../lib/i18n';
import { refine } from '../lib/router';
import type { Session } from '../lib/types';
import { ask as confirm } from '../ui/dialog';
import { Trouble } from '../ui/notice';
import { Badge, Head } from '../ui/page';
import { Search } from '../ui/search';
import { Pager, Table } from '../ui/table';
import { UserLink } from '../ui/user_link';
import type { PageProps } from './index';

const size = 50;

export function Sessions({ query }: PageProps) {
  const page = Number(query.get('page') ?? 1) || 1;
  const search = query.get('search') ?? '';
  const { data, error } = useData<Page<Session>>('/sessions' + ask({ search, user: query.get('user'), page, size }), 3000);
  const kick = (s: Session): void =>
    confirm({ title: t('do.kick'), text: t('session.kick_ask', { session: s.session, peer: s.peer }), action: t('do.kick'), act: () => call('DELETE', `/sessions/${s.session}`).then(refresh) });
  return (
    <>
      <Head title={t('nav.sessions')}>
        <Search label={t('session.search')} value={search} find={(text) => refine({ search: text, page: undefined })} />
      </Head>
      <Trouble error={error} />
      <Table
        label={t('nav.sessions')}
        rows={data?.items}
        id={(s) => s.session}
        empty={t('session.none')}
        columns={[
          { label: t('session.user'), main: true, show: (s) => (s.user ? <UserLink id={s.user} /> : <span class="soft">{t('session.nobody')}</span>) },
          { label: t('session.type'), show: (s) => word('tag', String(s.tag)) },
          { label: t('session.address'), show: (s) => `${s.peer} · ${s.transport}` },
          { label: t('session.open'), number: true, show: (s) => span(s.seconds) },
          { label: t('session.idle'), number: true, show: (s) => span(s.idle) },
          { label: t('session.unsent'), number: true, show: (s) => bytes(s.unsent) },
          { label: t('session.state'), show: (s) => <Badge kind={s.state === 'open' ? 'good' : undefined}>{word('session_state', s.state)}</Badge> },
          { label: t('session.id'), number: true, show: (s) => s.session },
          ...(may('operator')
            ? [
                {
                  label: t('list.actions'),
                  number: true,
                  show: (s: Session) => (
                    <span class="row-tools">
                      <button type="button" class="quiet danger" onClick={() => kick(s)}>
                        {t('do.kick')}
                      </button>
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      {data && <Pager page={page} size={size} total={data.total} turn={(to) => refine({ page: to > 1 ? to : undefined })} />}
    </>
  );
}
