// Users: found, paged; one of them, a new one, a file of them.
import { may, query as ask } from '../lib/api';
import { type Page, useData } from '../lib/data';
import { moment } from '../lib/format';
import { t } from '../lib/i18n';
import { refine } from '../lib/router';
import type { Department, User } from '../lib/types';
import { Trouble } from '../ui/notice';
import { Badge, Head } from '../ui/page';
import { Search } from '../ui/search';
import { Pager, Table } from '../ui/table';
import type { PageProps } from './index';
import { UserImport } from './user_import';
import { NewUser } from './user_new';
import { OneUser } from './user';

const size = 50;

function Filter({ name, label, value, options }: { name: string; label: string; value: string; options: [string, string][] }) {
  return (
    <select aria-label={label} value={value} onChange={(e) => refine({ [name]: e.currentTarget.value, page: undefined })}>
      <option value="">{label}</option>
      {options.map(([each, says]) => (
        <option key={each} value={each} selected={each === value}>
          {says}
        </option>
      ))}
    </select>
  );
}

function Where({ user }: { user: User }) {
  if (user.disabled) return <Badge kind="bad">{t('user.disabled')}</Badge>;
  if (!user.terminals?.length) return <span class="soft">{t('user.offline')}</span>;
  return <Badge kind="good">{[...new Set(user.terminals.map((each) => each.type))].join(', ')}</Badge>;
}

function UserList({ query }: { query: URLSearchParams }) {
  const page = Number(query.get('page') ?? 1) || 1;
  const of = (name: string): string => query.get(name) ?? '';
  const path = '/users' + ask({ search: of('search'), department: of('department'), disabled: of('disabled'), online: of('online'), page, size });
  const { data, error } = useData<Page<User>>(path, 15_000);
  const departments = useData<Department[]>('/departments');
  return (
    <>
      <Head title={t('nav.users')}>
        <Search label={t('user.search')} value={of('search')} find={(text) => refine({ search: text, page: undefined })} />
        <Filter name="department" label={t('user.any_department')} value={of('department')} options={(departments.data ?? []).map((d) => [String(d.id), d.name])} />
        <Filter name="online" label={t('user.online_or_not')} value={of('online')} options={[['yes', t('user.online')], ['no', t('user.offline')]]} />
        <Filter name="disabled" label={t('user.any_state')} value={of('disabled')} options={[['no', t('user.enabled')], ['yes', t('user.disabled')]]} />
        {may('operator') && (
          <>
            <a class="button" href="#/users/import">
              {t('user.import')}
            </a>
            <a class="button main" data-key="n" href="#/users/new">
              {t('user.add')}
            </a>
          </>
        )}
      </Head>
      <Trouble error={error} />
      <Table
        label={t('nav.users')}
        rows={data?.items}
        id={(u) => u.id}
        dim={(u) => u.disabled}
        columns={[
          { label: t('user.name'), main: true, show: (u) => <a href={`#/users/${u.id}`}>{u.name}</a> },
          { label: t('user.nick'), show: (u) => u.nick },
          { label: t('user.department'), show: (u) => u.department_name },
          { label: t('user.state'), show: (u) => <Where user={u} /> },
          { label: t('user.email'), show: (u) => u.email },
          { label: t('user.updated'), show: (u) => moment(u.updated) },
          { label: t('list.id'), number: true, show: (u) => u.id },
        ]}
      />
      {data && <Pager page={page} size={size} total={data.total} turn={(to) => refine({ page: to > 1 ? to : undefined })} />}
    </>
  );
}

export function Users({ parts, query }: PageProps) {
  const [which] = parts;
  if (which === 'new') return <NewUser />;
  if (which === 'import') return <UserImport />;
  return which ? <OneUser id={which} /> : <UserList query={query} />;
}
