// The plugins that serve, what they cost, and how they are replaced.
import { useState } from 'preact/hooks';

import { may } from '../lib/api';
import { useData } from '../lib/data';
import { bytes, count, micros } from '../lib/format';
import { t, word } from '../lib/i18n';
import { go } from '../lib/router';
import { runs, start } from '../lib/runs';
import { useStore } from '../lib/store';
import type { Plugin } from '../lib/types';
import { ask, Dialog } from '../ui/dialog';
import { Form } from '../ui/form';
import { Trouble } from '../ui/notice';
import { Badge, Facts, Head } from '../ui/page';
import { Table } from '../ui/table';
import type { PageProps } from './index';
import { LifeCycle } from './life_cycle';

const kindOf = (plugin: Plugin): 'good' | 'bad' | 'note' | undefined =>
  plugin.state === 'active' ? (plugin.probation_ms ? 'note' : 'good') : plugin.state === 'lingering' || plugin.state === 'quarantined' ? 'bad' : undefined;

function StateOf({ plugin }: { plugin: Plugin }) {
  return <Badge kind={kindOf(plugin)}>{plugin.state === 'active' && plugin.probation_ms ? t('life.in_probation', { s: Math.ceil(plugin.probation_ms / 1000) }) : word('life_state', plugin.state)}</Badge>;
}

const total = (pins: Record<string, number> | undefined): number => Object.values(pins ?? {}).reduce((all, each) => all + each, 0);

function reload(name: string): void {
  void start(name, 'reload');
  go('/plugins/' + name);
}

function Load({ close }: { close: () => void }) {
  return (
    <Dialog title={t('plugin.load')} onClose={close}>
      <Form
        fields={[{ name: 'name', label: t('plugin.name'), required: true, max: 64, hint: t('plugin.load_hint') }]}
        action={t('plugin.load')}
        onCancel={close}
        onSubmit={async (v) => {
          close();
          void start(v.name ?? '', 'load');
          go('/plugins/' + encodeURIComponent(v.name ?? ''));
        }}
      />
    </Dialog>
  );
}

function PluginList() {
  const { data, error } = useData<Plugin[]>('/plugins', 2000);
  const [loading, setLoading] = useState(false);
  return (
    <>
      <Head title={t('nav.plugins')}>
        {may('admin') && (
          <button type="button" data-key="n" onClick={() => setLoading(true)}>
            {t('plugin.load')}
          </button>
        )}
      </Head>
      <Trouble error={error} />
      <Table
        label={t('nav.plugins')}
        rows={data}
        id={(p) => `${p.name} ${p.generation ?? ''}`}
        dim={(p) => p.state !== 'active'}
        columns={[
          { label: t('plugin.name'), main: true, show: (p) => <a href={`#/plugins/${p.name}`}>{p.name}</a> },
          { label: t('plugin.version'), show: (p) => p.version },
          { label: t('plugin.generation'), number: true, show: (p) => p.generation ?? '–' },
          { label: t('plugin.state'), show: (p) => <StateOf plugin={p} /> },
          { label: t('plugin.calls'), number: true, show: (p) => count(p.calls ?? 0) },
          { label: t('plugin.errors'), number: true, show: (p) => count(p.errors ?? 0) },
          { label: t('plugin.p99'), number: true, show: (p) => micros(p.p99_us ?? 0) },
          { label: t('plugin.in_flight'), number: true, show: (p) => count(total(p.pins)) },
          { label: t('plugin.summary'), wrap: true, show: (p) => p.summary },
          ...(may('admin')
            ? [
                {
                  label: t('list.actions'),
                  number: true,
                  show: (p: Plugin) => (
                    <span class="row-tools">
                      {p.state === 'active' && (
                        <button type="button" class="quiet" onClick={() => reload(p.name)}>
                          {t('plugin.reload')}
                        </button>
                      )}
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      {loading && <Load close={() => setLoading(false)} />}
    </>
  );
}

function Tools({ name, generations }: { name: string; generations: Plugin[] }) {
  const serves = generations.find((g) => g.state === 'active');
  const previous = generations.some((g) => g.state === 'suspended');
  const unload = (): void =>
    ask({
      title: t('plugin.unload'),
      text: t(name === 'http_admin' ? 'plugin.unload_self' : 'plugin.unload_ask', { name }),
      action: t('plugin.unload'),
      act: async () => void start(name, 'unload'),
    });
  return (
    <div class="actions">
      {serves && (
        <>
          <button type="button" class="main" onClick={() => void start(name, 'reload')}>
            {t('plugin.reload')}
          </button>
          {previous && (
            <button type="button" onClick={() => void start(name, 'rollback')}>
              {t('plugin.rollback')}
            </button>
          )}
          <button type="button" class="danger" onClick={unload}>
            {t('plugin.unload')}
          </button>
        </>
      )}
      {!serves && (
        <button type="button" class="main" onClick={() => void start(name, 'load')}>
          {t('plugin.load')}
        </button>
      )}
    </div>
  );
}

function Generation({ plugin }: { plugin: Plugin }) {
  const pins = Object.entries(plugin.pins ?? {});
  return (
    <section class="card">
      <h2>
        {t('life.generation', { n: plugin.generation ?? '–' })} <StateOf plugin={plugin} />
      </h2>
      <Facts
        rows={[
          [t('plugin.version'), plugin.version],
          [t('plugin.build'), plugin.build_id ?? '–'],
          [t('plugin.calls'), count(plugin.calls ?? 0)],
          [t('plugin.errors'), count(plugin.errors ?? 0)],
          [t('dash.median'), micros(plugin.p50_us ?? 0)],
          [t('plugin.p99'), micros(plugin.p99_us ?? 0)],
          [t('plugin.loop'), micros((plugin.loop_ms ?? 0) * 1000)],
          [t('plugin.stalls'), count(plugin.stalls ?? 0)],
          [t('plugin.held'), bytes(plugin.held_bytes ?? 0)],
          [t('plugin.in_flight'), pins.length ? pins.map(([kind, n]) => `${word('pin', kind)} ${n}`).join(', ') : '0'],
          [t('plugin.file'), plugin.file ?? '–'],
        ]}
      />
      {plugin.held_by && plugin.held_by.length > 0 && (
        <>
          <h3>{t('life.held_by')}</h3>
          <ul class="plain">
            {plugin.held_by.map((pin, i) => (
              <li key={i}>
                {word('pin', String(pin.kind))} · {String(pin.where)} · {micros(Number(pin.age_ms) * 1000)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function OnePlugin({ name }: { name: string }) {
  const run = useStore(runs)[name];
  const active = run && Date.now() - run.asked < 60_000;
  const { data, error } = useData<Plugin[]>(`/plugins/${encodeURIComponent(name)}`, active ? 300 : 2000);
  const missing = error?.status === 404;
  const generations = missing ? [] : (data ?? []);
  return (
    <>
      <Head title={name} back={{ href: '#/plugins', label: t('nav.plugins') }}>
        {may('admin') && (data || missing) && <Tools name={name} generations={generations} />}
      </Head>
      {generations[0] && <p class="soft">{generations[0].summary}</p>}
      {!run?.answered || !missing ? <Trouble error={error} /> : null}
      {run && <LifeCycle run={run} generations={generations} />}
      <div class="columns">
        {generations.map((each) => (
          <Generation key={each.generation} plugin={each} />
        ))}
      </div>
    </>
  );
}

export function Plugins({ parts }: PageProps) {
  return parts[0] ? <OnePlugin name={parts[0]} /> : <PluginList />;
}
