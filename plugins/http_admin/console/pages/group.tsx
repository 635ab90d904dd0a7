// One group: its name, its owner, its members.
import { useState } from 'preact/hooks';

import { call, may, query as ask } from '../lib/api';
import { type Page, refresh, useData } from '../lib/data';
import { count, moment } from '../lib/format';
import { t } from '../lib/i18n';
import { refine } from '../lib/router';
import type { Group, Member } from '../lib/types';
import { ask as confirm, Dialog } from '../ui/dialog';
import { Form, type Values } from '../ui/form';
import { say, Trouble } from '../ui/notice';
import { Badge, Facts, Head } from '../ui/page';
import { type Picked, UserPicker } from '../ui/picker';
import { Pager, Table } from '../ui/table';
import { UserLink } from '../ui/user_link';

const size = 50;
const path = (group: Group, rest = ''): string => `/groups/${group.id}${rest}`;

function Rename({ group, close }: { group: Group; close: () => void }) {
  const start: Values = { name: group.name, avatar: group.avatar ?? '' };
  const save = async (v: Values): Promise<void> => {
    const changed = Object.entries(v).filter(([name, value]) => value !== start[name]);
    if (changed.length) await call('PATCH', path(group), Object.fromEntries(changed));
    say(t('say.saved'));
    refresh();
    close();
  };
  return (
    <Dialog title={t('group.edit')} onClose={close}>
      <Form
        fields={[
          { name: 'name', label: t('group.name'), required: true, max: 64 },
          { name: 'avatar', label: t('user.avatar'), max: 255 },
        ]}
        start={start}
        action={t('do.save')}
        onSubmit={save}
        onCancel={close}
      />
    </Dialog>
  );
}

function AddMembers({ group, close }: { group: Group; close: () => void }) {
  const [users, setUsers] = useState<Picked[]>([]);
  const add = async (): Promise<void> => {
    await call('POST', path(group, '/members'), { users: users.map((each) => each.id) });
    say(t('say.saved'));
    refresh();
    close();
  };
  return (
    <Dialog title={t('group.add_members')} onClose={close}>
      <Form fields={[]} action={t('do.add')} onSubmit={add} onCancel={close}>
        <UserPicker label={t('nav.users')} chosen={users} choose={setUsers} />
      </Form>
    </Dialog>
  );
}

function Members({ group, query }: { group: Group; query: URLSearchParams }) {
  const page = Number(query.get('page') ?? 1) || 1;
  const { data, error } = useData<Page<Member>>(path(group, '/members') + ask({ page, size }), 15_000);
  const own = (m: Member): void =>
    confirm({
      title: t('group.make_owner'),
      text: t('group.make_owner_ask', { name: m.name, group: group.name }),
      action: t('group.make_owner'),
      act: () => call('PATCH', path(group), { owner: m.user }).then(refresh),
    });
  const remove = (m: Member): void =>
    confirm({
      title: t('group.remove_member'),
      text: t('group.remove_member_ask', { name: m.name, group: group.name }),
      action: t('do.remove'),
      act: () => call('DELETE', path(group, `/members/${m.user}`)).then(refresh),
    });
  const tools = (m: Member) => (
    <span class="row-tools">
      {m.user !== group.owner && (
        <button type="button" class="quiet" onClick={() => own(m)}>
          {t('group.make_owner')}
        </button>
      )}
      <button type="button" class="quiet danger" onClick={() => remove(m)}>
        {t('do.remove')}
      </button>
    </span>
  );
  return (
    <>
      <Trouble error={error} />
      <Table
        label={t('group.members')}
        rows={data?.items}
        id={(m) => m.user}
        columns={[
          {
            label: t('user.name'),
            main: true,
            show: (m) => (
              <>
                <a href={`#/users/${m.user}`}>{m.name}</a> {m.user === group.owner && <Badge kind="note">{t('group.owner')}</Badge>}
              </>
            ),
          },
          { label: t('group.joined'), show: (m) => moment(m.since) },
          { label: t('list.id'), number: true, show: (m) => m.user },
          ...(may('operator') && group.status === 'live' ? [{ label: t('list.actions'), number: true, show: tools }] : []),
        ]}
      />
      {data && <Pager page={page} size={size} total={data.total} turn={(to) => refine({ page: to > 1 ? to : undefined })} />}
    </>
  );
}

export function OneGroup({ id, query }: { id: string; query: URLSearchParams }) {
  const { data: group, error } = useData<Group>(`/groups/${encodeURIComponent(id)}`, 15_000);
  const [open, setOpen] = useState<'edit' | 'add' | null>(null);
  const dissolve = (it: Group): void =>
    confirm({ title: t('group.dissolve'), text: t('group.dissolve_ask', { name: it.name }), action: t('group.dissolve'), act: () => call('DELETE', path(it)).then(refresh) });
  const live = group?.status === 'live';
  return (
    <>
      <Head title={group?.name ?? t('nav.groups')} back={{ href: '#/groups', label: t('nav.groups') }}>
        {group && may('operator') && (
          <div class="actions">
            <a class="button" href={`#/messages/group/${group.id}`}>
              {t('message.read')}
            </a>
            {live && (
              <>
                <button type="button" onClick={() => setOpen('edit')}>
                  {t('do.edit')}
                </button>
                <button type="button" data-key="n" onClick={() => setOpen('add')}>
                  {t('group.add_members')}
                </button>
                <button type="button" class="danger" onClick={() => dissolve(group)}>
                  {t('group.dissolve')}
                </button>
              </>
            )}
          </div>
        )}
      </Head>
      <Trouble error={error} />
      {group && (
        <>
          <section class="card">
            <Facts
              rows={[
                [t('list.id'), group.id],
                [t('group.owner'), <UserLink id={group.owner} />],
                [t('group.members'), count(group.members)],
                [t('group.type'), live ? t(group.type === 'temporary' ? 'group.temporary' : 'group.normal') : <Badge kind="bad">{t('group.dissolved')}</Badge>],
                [t('list.created'), moment(group.created)],
              ]}
            />
          </section>
          <Members group={group} query={query} />
        </>
      )}
      {group && open === 'edit' && <Rename group={group} close={() => setOpen(null)} />}
      {group && open === 'add' && <AddMembers group={group} close={() => setOpen(null)} />}
    </>
  );
}
