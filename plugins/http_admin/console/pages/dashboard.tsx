// What the node does right now, and did in the last minutes.
import type { ComponentChildren } from 'preact';

import { useData } from '../lib/data';
import { bytes, count, micros, short, span } from '../lib/format';
import { greatest, history, level, note, poolName, rate, times } from '../lib/history';
import { t } from '../lib/i18n';
import type { Stats, Status } from '../lib/types';
import { Banner, Trouble } from '../ui/notice';
import { Head } from '../ui/page';
import { Plot } from '../ui/plot';

function Tile({ name, value, href }: { name: string; value: ComponentChildren; href?: string }) {
  const inside = (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
  return href ? (
    <a class="tile" href={href}>
      {inside}
    </a>
  ) : (
    <div class="tile">{inside}</div>
  );
}

const last = (values: (number | null)[]): string => {
  const value = values.at(-1);
  return value === null || value === undefined ? '–' : short(value);
};

function Tiles({ all, now }: { all: Stats[]; now: Stats }) {
  return (
    <dl class="tiles">
      <Tile name={t('dash.logged_in')} value={<span data-stat="logged_in">{count(now.logged_in)}</span>} href="#/sessions" />
      <Tile name={t('dash.acks_rate')} value={<span data-stat="acks_rate">{last(rate(all, (s) => s.acks))}</span>} />
      <Tile name={t('dash.acks')} value={<span data-stat="acks">{count(now.acks)}</span>} />
      <Tile name={t('dash.p99')} value={now.ack_p99_us ? micros(now.ack_p99_us) : '–'} />
      <Tile name={t('dash.in_flight')} value={count(now.in_flight)} />
      <Tile name={t('dash.failed')} value={count(now.failed_requests)} href="#/log?level=warn" />
      <Tile name={t('dash.memory')} value={bytes(now.resident_kib * 1024)} />
      <Tile name={t('dash.uptime')} value={span(now.uptime_ms / 1000)} href="#/node" />
    </dl>
  );
}

function Plots({ all }: { all: Stats[] }) {
  const at = times(all);
  const now = all.at(-1)!;
  const pools = greatest(
    now.pools
      .filter((pool) => pool.kind !== 'cache')
      .map((pool) => ({
        name: poolName(pool),
        values: rate(all, (s) => s.pools.find((each) => each.name === pool.name && each.kind === pool.kind)?.done),
      })),
    5,
  );
  const plugins = greatest(
    now.plugins.map((plugin) => ({
      name: plugin.name,
      values: rate(all, (s) => s.plugins.find((each) => each.name === plugin.name && each.generation === plugin.generation)?.loop_ns).map((v) => (v === null ? null : v / 1e7)),
    })),
    5,
  );
  const queued = greatest(
    now.pools.filter((pool) => pool.queued !== undefined).map((pool) => ({
      name: poolName(pool),
      values: level(all, (s) => s.pools.find((each) => each.name === pool.name && each.kind === pool.kind)?.queued),
    })),
    3,
  );
  return (
    <div class="plots">
      <Plot
        title={t('dash.sessions')}
        times={at}
        lines={[
          { name: t('dash.logged_in'), values: level(all, (s) => s.logged_in) },
          { name: t('dash.connected'), values: level(all, (s) => s.sessions) },
        ]}
        show={count}
      />
      <Plot title={t('dash.acks_rate')} times={at} lines={[{ name: t('dash.per_second'), values: rate(all, (s) => s.acks) }]} show={short} />
      <Plot
        title={t('dash.latency')}
        hint={t('dash.latency_hint')}
        times={at}
        lines={[
          { name: t('dash.median'), values: level(all, (s) => s.ack_p50_us) },
          { name: t('dash.slowest'), values: level(all, (s) => s.ack_p99_us) },
        ]}
        show={micros}
      />
      <Plot
        title={t('dash.pdus')}
        times={at}
        lines={[
          { name: t('dash.pdus_in'), values: rate(all, (s) => s.pdus_in) },
          { name: t('dash.pdus_out'), values: rate(all, (s) => s.pdus_out) },
        ]}
        show={short}
      />
      <Plot title={t('dash.plugins')} times={at} lines={plugins} show={(v) => short(v) + ' %'} />
      <Plot title={t('dash.pools')} times={at} lines={pools} show={short} />
      <Plot title={t('dash.queued')} times={at} lines={queued} show={count} />
    </div>
  );
}

export function Dashboard() {
  const { data, error } = useData<Stats>('/stats', 1000);
  const status = useData<Status>('/status', 10_000).data;
  const all = data ? note(data) : history();
  const now = all.at(-1);
  return (
    <>
      <Head title={status ? t('dash.title', { node: status.name }) : t('nav.dashboard')} />
      <Trouble error={error} />
      {status?.degraded && <Banner>{status.degraded}</Banner>}
      {now && <Tiles all={all} now={now} />}
      {now && <Plots all={all} />}
    </>
  );
}
