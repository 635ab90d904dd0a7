// What this node is, where it listens, and what is wrong with it.
import { useData } from '../lib/data';
import { count, span } from '../lib/format';
import { t, word } from '../lib/i18n';
import type { Status } from '../lib/types';
import { Banner, Trouble } from '../ui/notice';
import { Badge, Facts, Head, yesNo } from '../ui/page';
import { Table } from '../ui/table';

export function Node() {
  const { data: s, error } = useData<Status>('/status', 3000);
  return (
    <>
      <Head title={t('nav.node')} />
      <Trouble error={error} />
      {s?.degraded && <Banner>{s.degraded}</Banner>}
      {s && s.quarantined.length > 0 && <Banner>{t('node.quarantined', { names: s.quarantined.map(String).join(', ') })}</Banner>}
      {s && (
        <>
          <section class="card">
            <Facts
              rows={[
                [t('node.name'), s.name],
                [t('node.version'), s.version],
                [t('node.state'), <Badge kind={s.ready ? 'good' : 'bad'}>{word('node_state', s.state)}</Badge>],
                [t('node.uptime'), span(s.uptime_ms / 1000)],
                [t('node.pid'), String(s.pid)],
                [t('node.data'), s.data],
                [t('node.durable'), yesNo(s.durable)],
                [t('node.durability'), s.durability],
                [t('dash.connected'), count(s.sessions)],
                [t('dash.logged_in'), count(s.logged_in)],
                [t('dash.in_flight'), count(s.in_flight)],
                [t('dash.pdus_in'), count(s.pdus_in)],
                [t('dash.pdus_out'), count(s.pdus_out)],
                [t('dash.failed'), count(s.failed_requests)],
              ]}
            />
          </section>
          <h2>{t('node.listeners')}</h2>
          <Table
            label={t('node.listeners')}
            rows={s.listeners}
            id={(l) => l.name}
            columns={[
              { label: t('node.name'), main: true, show: (l) => l.name },
              { label: t('node.kind'), show: (l) => l.kind },
              { label: t('session.address'), show: (l) => `${l.address}:${l.port}` },
              { label: t('node.connections'), number: true, show: (l) => count(l.connections) },
              { label: t('node.refused'), number: true, show: (l) => (l.refused === undefined ? '–' : count(l.refused)) },
              { label: t('node.certificate'), wrap: true, show: (l) => l.certificate ?? '–' },
            ]}
          />
        </>
      )}
    </>
  );
}
