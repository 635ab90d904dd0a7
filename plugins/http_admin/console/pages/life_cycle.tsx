// How a plugin is replaced, step by step, as it happens.
import type { ComponentChildren } from 'preact';

import { clock, short, span } from '../lib/format';
import { t, word } from '../lib/i18n';
import type { Run } from '../lib/runs';
import type { Plugin } from '../lib/types';
import { Icon } from '../ui/icons';

type State = 'done' | 'now' | 'later' | 'bad';

interface Step {
  name: string;
  state: State;
  says?: ComponentChildren;
}

function holders(old: Plugin): string {
  return (old.held_by ?? []).map((pin) => t('life.pin', { kind: String(pin.kind), where: String(pin.where), age: span(Number(pin.age_ms) / 1000) })).join('; ');
}

function leaving(old: Plugin): string {
  const pins = Object.entries(old.pins ?? {}).map(([kind, n]) => `${kind} ${n}`).join(', ');
  const state = word('life_state', old.state);
  return [t('life.generation', { n: old.generation ?? 0 }), state, old.state === 'lingering' ? holders(old) : pins].filter(Boolean).join(' · ');
}

/** What has happened follows from the answer and from which generations are loaded now. */
export function stepsOf(run: Run, generations: Plugin[]): Step[] {
  const { swapped, refused, verb } = run;
  const ready = !!run.answered;
  const steps: Step[] = [{ name: t('life.asked'), state: 'done', says: clock(run.asked) }];
  if (verb === 'reload' || verb === 'load') {
    const state: State = refused !== undefined ? 'bad' : ready ? 'done' : 'now';
    steps.push({ name: t('life.staged'), state }, { name: t('life.checked'), state: state === 'bad' ? 'later' : state }, { name: t('life.migrated'), state: state === 'bad' ? 'later' : state });
  }
  if (refused !== undefined) {
    const first = steps.find((step) => step.state === 'bad');
    if (first) {
      first.name = t('life.prepared');
      first.says = refused;
      return [steps[0]!, first];
    }
    return [...steps, { name: t(`life.${verb}`), state: 'bad', says: refused }];
  }
  const serves = generations.find((g) => g.state === 'active');
  const old = generations.filter((g) => g !== serves && g.state !== 'quarantined');
  steps.push({
    name: t(verb === 'unload' ? 'life.unload' : verb === 'load' ? 'life.load' : verb === 'rollback' ? 'life.rollback' : 'life.swapped'),
    state: ready ? 'done' : verb === 'unload' || verb === 'rollback' ? 'now' : 'later',
    says: swapped && t('life.swapped_says', { from: swapped.from ?? '–', to: swapped.to ?? '–', ms: short(swapped.ms), n: swapped.in_flight }),
  });
  if (verb === 'reload') {
    const left = serves?.probation_ms;
    const on = left !== null && left !== undefined;
    steps.push({
      name: t('life.probation'),
      state: !ready ? 'later' : on ? 'now' : 'done',
      says: ready && (on ? t('life.probation_left', { s: Math.ceil(left / 1000) }) : t('life.probation_over')),
    });
  }
  if (verb !== 'load') {
    const stuck = old.some((g) => g.state === 'lingering');
    const going = old.some((g) => g.state !== 'suspended');
    const state: State = !ready ? 'later' : stuck ? 'bad' : going ? 'now' : old.length ? 'later' : 'done';
    steps.push({ name: t(stuck ? 'life.lingers' : 'life.retired'), state, says: ready && (old.length ? old.map(leaving).join('; ') : t('life.gone')) });
  }
  return steps;
}

export function LifeCycle({ run, generations }: { run: Run; generations: Plugin[] }) {
  return (
    <section class="card life">
      <h2>{t(`life.title_${run.verb}`)}</h2>
      <ol class="steps">
        {stepsOf(run, generations).map((step) => (
          <li key={step.name} class={step.state} data-step={step.state}>
            <span class="mark">{step.state === 'done' ? <Icon name="check" /> : step.state === 'bad' ? <Icon name="close" /> : null}</span>
            <div>
              <b>{step.name}</b>
              {step.says && <small>{step.says}</small>}
            </div>
          </li>
        ))}
      </ol>
      {run.log.length > 0 && (
        <details open={run.refused !== undefined}>
          <summary>{t('life.log')}</summary>
          {run.log.map((line) => (
            <p key={line.n} class={'line ' + line.level}>
              <time>{clock(line.at)}</time> {line.text}
            </p>
          ))}
        </details>
      )}
    </section>
  );
}
