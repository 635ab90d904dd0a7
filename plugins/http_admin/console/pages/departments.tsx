// Departments as the tree they are.
import { useState } from 'preact/hooks';

import { call, may } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { count } from '../lib/format';
import { t } from '../lib/i18n';
import type { Department } from '../lib/types';
import { ask, Dialog } from '../ui/dialog';
import { Form, type Values } from '../ui/form';
import { say, Trouble } from '../ui/notice';
import { Head } from '../ui/page';

interface Branch extends Department {
  below: Branch[];
}

/** Roots first; what has a parent that is not there stands at the root. */
function grow(all: Department[]): Branch[] {
  const branches = new Map(all.map((d) => [d.id, { ...d, below: [] as Branch[] }]));
  const roots: Branch[] = [];
  for (const branch of branches.values()) (branches.get(branch.parent)?.below ?? roots).push(branch);
  const order = (level: Branch[]): Branch[] => {
    level.sort((a, b) => a.priority - b.priority || a.id - b.id).forEach((branch) => order(branch.below));
    return level;
  };
  return order(roots);
}

/** Everything that is not below it: where it can go. */
function outside(all: Department[], id: number | undefined): Department[] {
  if (id === undefined) return all;
  const inside = new Set([id]);
  for (let before = 0; before !== inside.size; ) {
    before = inside.size;
    for (const each of all) if (inside.has(each.parent)) inside.add(each.id);
  }
  return all.filter((each) => !inside.has(each.id));
}

function Edit({ all, one, parent, close }: { all: Department[]; one?: Department; parent?: number; close: () => void }) {
  const save = async (v: Values): Promise<void> => {
    const body = { name: v.name, parent: Number(v.parent), priority: Number(v.priority || 0) };
    if (one) await call('PATCH', `/departments/${one.id}`, body);
    else await call('POST', '/departments', body);
    say(t('say.saved'));
    refresh();
    close();
  };
  return (
    <Dialog title={one ? t('department.edit') : t('department.add')} onClose={close}>
      <Form
        fields={[
          { name: 'name', label: t('department.name'), required: true, max: 64 },
          {
            name: 'parent',
            label: t('department.parent'),
            type: 'select',
            options: [{ value: '0', label: t('department.top') }, ...outside(all, one?.id).map((d) => ({ value: String(d.id), label: d.name }))],
          },
          { name: 'priority', label: t('list.priority'), type: 'number', hint: t('list.priority_hint') },
        ]}
        start={{ name: one?.name ?? '', parent: String(one?.parent ?? parent ?? 0), priority: String(one?.priority ?? 0) }}
        action={t(one ? 'do.save' : 'do.add')}
        onSubmit={save}
        onCancel={close}
      />
    </Dialog>
  );
}

interface Chosen {
  one?: Department;
  parent?: number;
}

function Level({ branches, choose }: { branches: Branch[]; choose: (what: Chosen) => void }) {
  const remove = (d: Department): void =>
    ask({
      title: t('department.remove'),
      text: t('department.remove_ask', { name: d.name }),
      action: t('do.remove'),
      act: () => call('DELETE', `/departments/${d.id}`).then(refresh),
    });
  return (
    <ul class="tree">
      {branches.map((d) => (
        <li key={d.id}>
          <div>
            <a href={`#/users?department=${d.id}`}>{d.name}</a>
            <span class="soft">{t('department.users', { n: count(d.users) })}</span>
            {may('operator') && (
              <span class="row-tools">
                <button type="button" class="quiet" onClick={() => choose({ parent: d.id })}>
                  {t('department.add_below')}
                </button>
                <button type="button" class="quiet" onClick={() => choose({ one: d })}>
                  {t('do.edit')}
                </button>
                <button type="button" class="quiet danger" onClick={() => remove(d)}>
                  {t('do.remove')}
                </button>
              </span>
            )}
          </div>
          {d.below.length > 0 && <Level branches={d.below} choose={choose} />}
        </li>
      ))}
    </ul>
  );
}

export function Departments() {
  const { data, error } = useData<Department[]>('/departments');
  const [chosen, choose] = useState<Chosen | null>(null);
  return (
    <>
      <Head title={t('nav.departments')}>
        {may('operator') && (
          <button type="button" class="main" data-key="n" onClick={() => choose({})}>
            {t('department.add')}
          </button>
        )}
      </Head>
      <Trouble error={error} />
      {data && (data.length ? <section class="card"><Level branches={grow(data)} choose={choose} /></section> : <p class="empty">{t('list.empty')}</p>)}
      {chosen && data && <Edit all={data} one={chosen.one} parent={chosen.parent} close={() => choose(null)} />}
    </>
  );
}
