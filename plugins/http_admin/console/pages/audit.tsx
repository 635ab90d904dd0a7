// Who changed what, and who was refused.
import { query as ask } from '../lib/api';
import { type Page, useData } from '../lib/data';
import { exact } from '../lib/format';
import { t } from '../lib/i18n';
import { refine } from '../lib/router';
import type { Audited } from '../lib/types';
import { Trouble } from '../ui/notice';
import { Badge, Head } from '../ui/page';
import { Search } from '../ui/search';
import { Pager, Table } from '../ui/table';
import type { PageProps } from './index';

const size = 50;

export function Audit({ query }: PageProps) {
  const page = Number(query.get('page') ?? 1) || 1;
  const of = (name: string): string => query.get(name) ?? '';
  const { data, error } = useData<Page<Audited>>('/audit' + ask({ admin: of('admin'), action: of('action'), page, size }), 10_000);
  return (
    <>
      <Head title={t('nav.audit')}>
        <Search label={t('audit.by')} value={of('admin')} find={(text) => refine({ admin: text, page: undefined })} />
        <Search label={t('audit.action_search')} value={of('action')} find={(text) => refine({ action: text, page: undefined })} />
      </Head>
      <Trouble error={error} />
      <Table
        label={t('nav.audit')}
        rows={data?.items}
        id={(a) => a.id}
        columns={[
          { label: t('audit.at'), main: true, show: (a) => exact(a.at) },
          { label: t('audit.admin'), show: (a) => a.admin },
          { label: t('audit.action'), show: (a) => <code>{a.action}</code> },
          { label: t('audit.target'), wrap: true, show: (a) => a.target },
          { label: t('audit.detail'), wrap: true, show: (a) => a.detail },
          { label: t('audit.result'), show: (a) => <Badge kind={a.result === 'ok' ? 'good' : 'bad'}>{a.result}</Badge> },
          { label: t('session.address'), show: (a) => a.address },
        ]}
      />
      {data && <Pager page={page} size={size} total={data.total} turn={(to) => refine({ page: to > 1 ? to : undefined })} />}
    </>
  );
}
