// Who may sign in here, and what they may do.
import { useState } from 'preact/hooks';

import { call, me } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { moment } from '../lib/format';
import { t } from '../lib/i18n';
import type { AdminRow } from '../lib/types';
import { ask, Dialog } from '../ui/dialog';
import { Form, type Field, type Values } from '../ui/form';
import { Banner, say, Trouble } from '../ui/notice';
import { Badge, Head } from '../ui/page';
import { Table } from '../ui/table';

const roleField = (): Field => ({
  name: 'role',
  label: t('admin.role'),
  type: 'select',
  options: (['viewer', 'operator', 'admin'] as const).map((role) => ({ value: role, label: `${t(`role.${role}`)}: ${t(`role_says.${role}`)}` })),
});

function Add({ close }: { close: () => void }) {
  const [made, setMade] = useState<{ name: string; password: string } | null>(null);
  const add = async (v: Values): Promise<void> => {
    const answer = await call<{ name: string; password?: string }>('POST', '/admins', { name: v.name, role: v.role, password: v.password || undefined });
    say(t('admin.added', { name: v.name ?? '' }));
    refresh();
    if (answer.password) setMade({ name: v.name ?? '', password: answer.password });
    else close();
  };
  return (
    <Dialog title={t('admin.add')} onClose={close}>
      {made ? (
        <>
          <Banner kind="good">{t('admin.password_made', { name: made.name })}</Banner>
          <pre class="secret">{made.password}</pre>
          <footer>
            <button type="button" class="main" onClick={close}>
              {t('do.close')}
            </button>
          </footer>
        </>
      ) : (
        <Form
          fields={[
            { name: 'name', label: t('admin.name'), required: true, max: 64 },
            roleField(),
            { name: 'password', label: t('admin.password'), type: 'password', fill: 'new-password', hint: t('admin.password_hint') },
          ]}
          start={{ role: 'viewer' }}
          action={t('do.add')}
          onSubmit={add}
          onCancel={close}
        />
      )}
    </Dialog>
  );
}

function Edit({ admin, close }: { admin: AdminRow; close: () => void }) {
  const save = async (v: Values): Promise<void> => {
    const changed = { role: v.role === admin.role ? undefined : v.role, password: v.password || undefined };
    if (changed.role || changed.password) await call('PATCH', `/admins/${admin.id}`, changed);
    say(t('say.saved'));
    refresh();
    close();
  };
  return (
    <Dialog title={t('admin.edit', { name: admin.name })} onClose={close}>
      <Form
        fields={[roleField(), { name: 'password', label: t('account.new'), type: 'password', fill: 'new-password', hint: t('admin.password_keep') }]}
        start={{ role: admin.role }}
        action={t('do.save')}
        onSubmit={save}
        onCancel={close}
      />
    </Dialog>
  );
}

export function Admins() {
  const { data, error } = useData<AdminRow[]>('/admins', 15_000);
  const [open, setOpen] = useState<AdminRow | 'new' | null>(null);
  const act = (work: Promise<unknown>): void =>
    void work.then(
      () => (say(t('say.saved')), refresh()),
      (problem: Error) => say(problem.message, true),
    );
  const toggle = (a: AdminRow): void => {
    const change = (): Promise<unknown> => call('PATCH', `/admins/${a.id}`, { disabled: !a.disabled });
    if (a.disabled) act(change());
    else ask({ title: t('admin.disable'), text: t('admin.disable_ask', { name: a.name }), action: t('admin.disable'), act: () => change().then(refresh) });
  };
  const remove = (a: AdminRow): void =>
    ask({ title: t('admin.remove'), text: t('admin.remove_ask', { name: a.name }), action: t('do.remove'), act: () => call('DELETE', `/admins/${a.id}`).then(refresh) });
  const tools = (a: AdminRow) => (
    <span class="row-tools">
      {a.locked && (
        <button type="button" class="quiet" onClick={() => act(call('POST', `/admins/${a.id}/unlock`))}>
          {t('user.unlock')}
        </button>
      )}
      <button type="button" class="quiet" onClick={() => setOpen(a)}>
        {t('do.edit')}
      </button>
      <button type="button" class="quiet" onClick={() => toggle(a)}>
        {t(a.disabled ? 'admin.enable' : 'admin.disable')}
      </button>
      <button type="button" class="quiet danger" onClick={() => remove(a)}>
        {t('do.remove')}
      </button>
    </span>
  );
  return (
    <>
      <Head title={t('nav.admins')}>
        <button type="button" class="main" data-key="n" onClick={() => setOpen('new')}>
          {t('admin.add')}
        </button>
      </Head>
      <Trouble error={error} />
      <Table
        label={t('nav.admins')}
        rows={data}
        id={(a) => a.id}
        dim={(a) => a.disabled}
        columns={[
          {
            label: t('admin.name'),
            main: true,
            show: (a) => (
              <>
                {a.name} {a.id === me.get()?.id && <Badge kind="note">{t('admin.you')}</Badge>} {a.disabled && <Badge kind="bad">{t('user.disabled')}</Badge>} {a.locked && <Badge kind="bad">{t('admin.locked')}</Badge>}
              </>
            ),
          },
          { label: t('admin.role'), show: (a) => t(`role.${a.role}`) },
          { label: t('admin.last'), show: (a) => (a.last_login ? moment(a.last_login) : t('admin.never')) },
          { label: t('list.created'), show: (a) => moment(a.created) },
          { label: t('list.actions'), number: true, show: tools },
        ]}
      />
      {open === 'new' && <Add close={() => setOpen(null)} />}
      {open && open !== 'new' && <Edit admin={open} close={() => setOpen(null)} />}
    </>
  );
}
