// A message to everybody, a department or some; and what was announced before.
import { useState } from 'preact/hooks';

import { call, may, query as ask } from '../lib/api';
import { type Page, refresh, useData } from '../lib/data';
import { count, moment } from '../lib/format';
import { t, word } from '../lib/i18n';
import { refine } from '../lib/router';
import type { Announcement, Department } from '../lib/types';
import { Dialog } from '../ui/dialog';
import { Form, type Values } from '../ui/form';
import { say, Trouble } from '../ui/notice';
import { Badge, Head } from '../ui/page';
import { type Picked, UserPicker } from '../ui/picker';
import { Pager, Table } from '../ui/table';
import type { PageProps } from './index';

const size = 50;
type To = 'all' | 'department' | 'users';

function Announce({ close }: { close: () => void }) {
  const departments = useData<Department[]>('/departments').data;
  const [to, setTo] = useState<To>('all');
  const [department, setDepartment] = useState('');
  const [users, setUsers] = useState<Picked[]>([]);
  const send = async (v: Values): Promise<void> => {
    await call('POST', '/announcements', {
      text: v.text,
      department: to === 'department' ? Number(department) : undefined,
      users: to === 'users' ? users.map((each) => each.id) : undefined,
    });
    say(t('announce.sent'));
    refresh();
    close();
  };
  return (
    <Dialog title={t('announce.new')} onClose={close}>
      <Form fields={[{ name: 'text', label: t('announce.text'), type: 'area', required: true, max: 3068, rows: 5 }]} action={t('announce.send')} onSubmit={send} onCancel={close}>
        <fieldset>
          <legend>{t('announce.to')}</legend>
          {(['all', 'department', 'users'] as const).map((each) => (
            <label class="check" key={each}>
              <input type="radio" name="to" checked={to === each} onChange={() => setTo(each)} />
              {t(`announce.${each}`)}
            </label>
          ))}
        </fieldset>
        {to === 'department' && (
          <div class="entry">
            <label for="to-department">{t('user.department')}</label>
            <select id="to-department" required value={department} onChange={(e) => setDepartment(e.currentTarget.value)}>
              <option value="" />
              {departments?.map((d) => (
                <option key={d.id} value={String(d.id)} selected={String(d.id) === department}>
                  {d.name}
                </option>
              ))}
            </select>
          </div>
        )}
        {to === 'users' && <UserPicker label={t('nav.users')} chosen={users} choose={setUsers} />}
      </Form>
    </Dialog>
  );
}

export function Announcements({ query }: PageProps) {
  const page = Number(query.get('page') ?? 1) || 1;
  const [open, setOpen] = useState(false);
  const { data, error } = useData<Page<Announcement>>('/announcements' + ask({ page, size }), 3000);
  return (
    <>
      <Head title={t('nav.announcements')}>
        {may('operator') && (
          <button type="button" class="main" data-key="n" onClick={() => setOpen(true)}>
            {t('announce.new')}
          </button>
        )}
      </Head>
      <Trouble error={error} />
      <Table
        label={t('nav.announcements')}
        rows={data?.items}
        id={(a) => a.id}
        columns={[
          { label: t('announce.text'), main: true, wrap: true, show: (a) => a.text },
          { label: t('announce.at'), show: (a) => moment(a.created) },
          { label: t('announce.to'), show: (a) => word('audience', a.audience) },
          { label: t('announce.progress'), number: true, show: (a) => `${count(a.sent + a.skipped)} / ${count(a.total)}` },
          { label: t('user.state'), show: (a) => <Badge kind={a.finished ? 'good' : 'note'}>{t(a.finished ? 'announce.done' : 'announce.running')}</Badge> },
        ]}
      />
      {data && <Pager page={page} size={size} total={data.total} turn={(to) => refine({ page: to > 1 ? to : undefined })} />}
      {open && <Announce close={() => setOpen(false)} />}
    </>
  );
}
