// Groups: found, paged, and a new one.
import { useState } from 'preact/hooks';

import { call, may, query as ask } from '../lib/api';
import { type Page, useData } from '../lib/data';
import { count, moment } from '../lib/format';
import { t } from '../lib/i18n';
import { go, refine } from '../lib/router';
import type { Group } from '../lib/types';
import { Form, type Values } from '../ui/form';
import { say, Trouble } from '../ui/notice';
import { Badge, Head } from '../ui/page';
import { type Picked, UserPicker } from '../ui/picker';
import { Search } from '../ui/search';
import { Pager, Table } from '../ui/table';
import { UserLink } from '../ui/user_link';
import { OneGroup } from './group';
import type { PageProps } from './index';

const size = 50;

function NewGroup() {
  const [members, setMembers] = useState<Picked[]>([]);
  const [owner, setOwner] = useState<Picked[]>([]);
  const add = async (v: Values): Promise<void> => {
    const body = { name: v.name, members: members.map((each) => each.id), owner: owner[0]?.id };
    const { id } = await call<{ id: number }>('POST', '/groups', body);
    say(t('group.added', { name: v.name ?? '' }));
    go(`/groups/${id}`);
  };
  return (
    <>
      <Head title={t('group.add')} back={{ href: '#/groups', label: t('nav.groups') }} />
      <section class="card narrow">
        <Form fields={[{ name: 'name', label: t('group.name'), required: true, max: 64 }]} action={t('do.add')} onSubmit={add} onCancel={() => go('/groups')}>
          <UserPicker label={t('group.members')} chosen={members} choose={setMembers} />
          <UserPicker label={t('group.owner_optional')} chosen={owner} choose={setOwner} most={1} />
        </Form>
      </section>
    </>
  );
}

function GroupList({ query }: { query: URLSearchParams }) {
  const page = Number(query.get('page') ?? 1) || 1;
  const search = query.get('search') ?? '';
  const { data, error } = useData<Page<Group>>('/groups' + ask({ search, page, size }), 15_000);
  return (
    <>
      <Head title={t('nav.groups')}>
        <Search label={t('group.search')} value={search} find={(text) => refine({ search: text, page: undefined })} />
        {may('operator') && (
          <a class="button main" data-key="n" href="#/groups/new">
            {t('group.add')}
          </a>
        )}
      </Head>
      <Trouble error={error} />
      <Table
        label={t('nav.groups')}
        rows={data?.items}
        id={(g) => g.id}
        dim={(g) => g.status !== 'live'}
        columns={[
          { label: t('group.name'), main: true, show: (g) => <a href={`#/groups/${g.id}`}>{g.name}</a> },
          { label: t('group.members'), number: true, show: (g) => count(g.members) },
          { label: t('group.owner'), show: (g) => <UserLink id={g.owner} /> },
          { label: t('group.type'), show: (g) => (g.status === 'live' ? t(g.type === 'temporary' ? 'group.temporary' : 'group.normal') : <Badge>{t('group.dissolved')}</Badge>) },
          { label: t('list.created'), show: (g) => moment(g.created) },
          { label: t('list.id'), number: true, show: (g) => g.id },
        ]}
      />
      {data && <Pager page={page} size={size} total={data.total} turn={(to) => refine({ page: to > 1 ? to : undefined })} />}
    </>
  );
}

export function Groups({ parts, query }: PageProps) {
  const [which] = parts;
  if (which === 'new') return <NewGroup />;
  return which ? <OneGroup id={which} query={query} /> : <GroupList query={query} />;
}
