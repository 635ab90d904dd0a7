// Threads and queues: what waits, how long, and what went wrong.
import { useData } from '../lib/data';
import { bytes, count, micros, short } from '../lib/format';
import { poolName } from '../lib/history';
import { t } from '../lib/i18n';
import type { Pool } from '../lib/types';
import { Trouble } from '../ui/notice';
import { Badge, Head } from '../ui/page';
import { Table } from '../ui/table';

const shown = (value: number | undefined, how: (value: number) => string): string => (value === undefined ? '–' : how(value));

export function Pools() {
  const { data, error } = useData<Pool[]>('/pools', 1000);
  const queues = data?.filter((pool) => pool.kind !== 'cache');
  const caches = data?.filter((pool) => pool.kind === 'cache') ?? [];
  return (
    <>
      <Head title={t('nav.pools')} />
      <Trouble error={error} />
      <Table
        label={t('nav.pools')}
        rows={queues}
        id={(p) => p.name + p.kind}
        columns={[
          { label: t('pool.name'), main: true, show: poolName },
          { label: t('pool.kind'), show: (p) => (p.kind.startsWith('sql') ? 'sql' : p.kind) },
          { label: t('pool.threads'), number: true, show: (p) => shown(p.threads, count) },
          { label: t('pool.queued'), number: true, show: (p) => shown(p.queued, count) },
          { label: t('pool.running'), number: true, show: (p) => shown(p.running, count) },
          { label: t('pool.done'), number: true, show: (p) => shown(p.done, count) },
          { label: t('pool.batch'), number: true, show: (p) => shown(p.mean_batch, short) },
          { label: t('pool.wait'), number: true, show: (p) => shown(p.wait_us, micros) },
          { label: t('pool.run'), number: true, show: (p) => shown(p.run_us, micros) },
          { label: t('pool.errors'), number: true, show: (p) => shown(p.errors, count) },
          { label: t('pool.busy'), number: true, show: (p) => shown(p.busy, count) },
          { label: t('pool.expired'), number: true, show: (p) => shown(p.expired, count) },
          { label: t('pool.state'), show: (p) => (p.state ? <Badge kind={p.state === 'ok' ? 'good' : 'bad'}>{p.state}</Badge> : '–') },
        ]}
      />
      {caches.length > 0 && (
        <Table
          label={t('pool.cache')}
          rows={caches}
          id={(p) => p.name}
          columns={[
            { label: t('pool.cache'), main: true, show: (p) => p.name },
            { label: t('pool.hits'), number: true, show: (p) => shown(p.hits, count) },
            { label: t('pool.misses'), number: true, show: (p) => shown(p.misses, count) },
            { label: t('pool.entries'), number: true, show: (p) => shown(p.entries, count) },
            { label: t('pool.bytes'), number: true, show: (p) => shown(p.bytes, bytes) },
            { label: t('pool.evicted'), number: true, show: (p) => shown(p.evicted, count) },
            { label: t('pool.state'), show: (p) => <Badge kind={p.state === 'ok' ? 'good' : 'bad'}>{p.state ?? '–'}</Badge> },
          ]}
        />
      )}
    </>
  );
}
