// Forms from a list of fields; the server's errors appear at the field they name.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import { ApiError } from '../lib/api';
import { t } from '../lib/i18n';
import { Banner } from './notice';

export type Values = Record<string, string>;

export interface Field {
  name: string;
  label: string;
  type?: 'text' | 'password' | 'email' | 'tel' | 'number' | 'url' | 'select' | 'area' | 'datetime-local';
  options?: { value: string; label: string }[];
  required?: boolean;
  hint?: string;
  max?: number;
  fill?: string;
  rows?: number;
}

function Input({ field, id, value, bad, set, first }: { field: Field; id: string; value: string; bad: boolean; set: (v: string) => void; first: boolean }) {
  const common = {
    id,
    name: field.name,
    value,
    required: field.required,
    'data-first': first || undefined,
    'aria-invalid': bad || undefined,
    'aria-describedby': bad || field.hint ? id + '-said' : undefined,
    onInput: (e: Event) => set((e.target as HTMLInputElement).value),
  };
  if (field.type === 'select')
    return (
      <select {...common}>
        {field.options?.map((each) => (
          <option key={each.value} value={each.value} selected={each.value === value}>
            {each.label}
          </option>
        ))}
      </select>
    );
  if (field.type === 'area') return <textarea {...common} rows={field.rows ?? 4} maxLength={field.max} />;
  return <input {...common} type={(field.type ?? 'text') as 'text'} maxLength={field.max} autocomplete={(field.fill ?? 'off') as 'off'} spellcheck={false} />;
}

interface FormProps {
  fields: Field[];
  start?: Values;
  action: string;
  onSubmit: (values: Values) => Promise<unknown>;
  onCancel?: () => void;
  children?: ComponentChildren;
  focus?: boolean;
}

export function Form({ fields, start, action, onSubmit, onCancel, children, focus = true }: FormProps) {
  const prefix = useId();
  const box = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<Values>(() => Object.fromEntries(fields.map((f) => [f.name, start?.[f.name] ?? ''])));
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => box.current?.querySelector<HTMLElement>('[data-first]')?.focus(), []);
  const submit = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSubmit(values);
    } catch (problem) {
      const said = problem instanceof ApiError ? problem : new ApiError(0, 'page', String(problem));
      setError(said);
      if (said.field) (box.current?.elements.namedItem(said.field) as HTMLElement | null)?.focus?.();
    }
    setBusy(false);
  };
  const known = error?.field && fields.some((f) => f.name === error.field);
  return (
    <form ref={box} onSubmit={submit} class="form">
      {error && !known && <Banner>{error.message}</Banner>}
      {fields.map((field, at) => {
        const id = `${prefix}-${field.name}`;
        const bad = error?.field === field.name;
        return (
          <div key={field.name} class={bad ? 'entry bad' : 'entry'}>
            <label for={id}>{field.label}</label>
            <Input
              field={field}
              id={id}
              value={values[field.name] ?? ''}
              bad={bad}
              first={focus && at === 0}
              set={(v) => setValues((now) => ({ ...now, [field.name]: v }))}
            />
            {(bad || field.hint) && <small id={id + '-said'}>{bad ? error.message : field.hint}</small>}
          </div>
        );
      })}
      {children}
      <footer>
        {onCancel && (
          <button type="button" onClick={onCancel}>
            {t('do.cancel')}
          </button>
        )}
        <button type="submit" class="main" disabled={busy}>
          {action}
        </button>
      </footer>
    </form>
  );
}
