// One user: who it is, where it is connected, and what can be done about it.
import { useState } from 'preact/hooks';

import { call, may } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { moment } from '../lib/format';
import { t, word } from '../lib/i18n';
import type { Department, User } from '../lib/types';
import { ask, Dialog } from '../ui/dialog';
import { Form, type Values } from '../ui/form';
import { Banner, say, Trouble } from '../ui/notice';
import { Badge, Facts, Head } from '../ui/page';
import { Table } from '../ui/table';
import { asBody, profileFields, useDepartments } from './user_new';

const path = (user: User, rest = ''): string => `/users/${user.id}${rest}`;

function Profile({ user, departments }: { user: User; departments: Department[] }) {
  const start: Values = {
    nick: user.nick,
    sex: String(user.sex),
    department: String(user.department),
    email: user.email,
    phone: user.phone,
    signature: user.signature,
    avatar: user.avatar,
  };
  const save = async (values: Values): Promise<void> => {
    const changed = asBody(values, (name, value) => value !== start[name]);
    if (Object.keys(changed).length) await call('PATCH', path(user), changed);
    say(t('say.saved'));
    refresh();
  };
  return (
    <Form
      key={user.updated}
      focus={false}
      fields={[...profileFields(departments), { name: 'signature', label: t('user.signature'), max: 255 }, { name: 'avatar', label: t('user.avatar'), max: 255 }]}
      start={start}
      action={t('do.save')}
      onSubmit={save}
    />
  );
}

function NewPassword({ user, close }: { user: User; close: () => void }) {
  const set = async (values: Values): Promise<void> => {
    await call('POST', path(user, '/password'), values);
    say(t('user.password_set', { name: user.name }));
    close();
  };
  return (
    <Dialog title={t('user.reset_password')} onClose={close}>
      <Form fields={[{ name: 'password', label: t('user.new_password'), type: 'password', required: true, fill: 'new-password' }]} action={t('do.save')} onSubmit={set} onCancel={close} />
    </Dialog>
  );
}

function Actions({ user }: { user: User }) {
  const [resetting, setResetting] = useState(false);
  const change = async (disabled: boolean): Promise<void> => {
    await call('PATCH', path(user), { disabled });
    say(t(disabled ? 'user.is_disabled' : 'user.is_enabled', { name: user.name }));
    refresh();
  };
  const act = (work: () => Promise<unknown>, done: string) => () =>
    void work().then(
      () => (say(done), refresh()),
      (problem: Error) => say(problem.message, true),
    );
  const disable = (): void => ask({ title: t('user.disable'), text: t('user.disable_ask', { name: user.name }), action: t('user.disable'), act: () => change(true) });
  const kick = (): void =>
    ask({ title: t('do.kick'), text: t('user.kick_ask', { name: user.name }), action: t('do.kick'), act: () => call('POST', path(user, '/kick')).then(refresh) });
  return (
    <div class="actions">
      <button type="button" onClick={() => setResetting(true)}>
        {t('user.reset_password')}
      </button>
      <button type="button" onClick={act(() => call('POST', path(user, '/unlock')), t('user.unlocked', { name: user.name }))}>
        {t('user.unlock')}
      </button>
      {user.terminals.length > 0 && (
        <button type="button" onClick={kick}>
          {t('do.kick')}
        </button>
      )}
      {user.disabled ? (
        <button type="button" class="main" onClick={act(() => change(false), '')}>
          {t('user.enable')}
        </button>
      ) : (
        <button type="button" class="danger" onClick={disable}>
          {t('user.disable')}
        </button>
      )}
      {resetting && <NewPassword user={user} close={() => setResetting(false)} />}
    </div>
  );
}

function Terminals({ user }: { user: User }) {
  return (
    <Table
      label={t('user.terminals')}
      rows={user.terminals}
      id={(each) => each.session}
      empty={t('user.no_terminals')}
      columns={[
        { label: t('session.type'), main: true, show: (each) => word('terminal', each.type) },
        { label: t('session.address'), show: (each) => each.address },
        { label: t('session.since'), show: (each) => moment(each.since) },
      ]}
    />
  );
}

export function OneUser({ id }: { id: string }) {
  const { data: user, error } = useData<User>(`/users/${encodeURIComponent(id)}`, 10_000);
  const { departments } = useDepartments();
  return (
    <>
      <Head title={user?.name ?? t('nav.users')} back={{ href: '#/users', label: t('nav.users') }}>
        {user && may('operator') && <Actions user={user} />}
      </Head>
      <Trouble error={error} />
      {user?.disabled && <Banner kind="note">{t('user.cannot_sign_in')}</Banner>}
      {user && departments && (
        <div class="columns">
          <section class="card">
            <h2>{t('user.profile')}</h2>
            {may('operator') ? (
              <Profile user={user} departments={departments} />
            ) : (
              <Facts
                rows={[
                  [t('user.nick'), user.nick],
                  [t('user.department'), user.department_name],
                  [t('user.email'), user.email],
                  [t('user.phone'), user.phone],
                  [t('user.signature'), user.signature],
                ]}
              />
            )}
          </section>
          <section class="card">
            <h2>{t('user.terminals')}</h2>
            <Terminals user={user} />
            <h2>{t('user.facts')}</h2>
            <Facts
              rows={[
                [t('list.id'), user.id],
                [t('user.state'), user.disabled ? <Badge kind="bad">{t('user.disabled')}</Badge> : t('user.enabled')],
                [t('list.created'), moment(user.created)],
                [t('user.updated'), moment(user.updated)],
              ]}
            />
          </section>
        </div>
      )}
    </>
  );
}
