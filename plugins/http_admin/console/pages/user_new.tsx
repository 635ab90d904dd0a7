// A new user; what a form of a user asks for.
import { call, type ApiError } from '../lib/api';
import { useData } from '../lib/data';
import { t } from '../lib/i18n';
import { go } from '../lib/router';
import type { Department } from '../lib/types';
import { Form, type Field, type Values } from '../ui/form';
import { say, Trouble } from '../ui/notice';
import { Head } from '../ui/page';

export function profileFields(departments: Department[]): Field[] {
  return [
    { name: 'nick', label: t('user.nick'), max: 64 },
    {
      name: 'sex',
      label: t('user.sex'),
      type: 'select',
      options: [
        { value: '0', label: t('user.sex_unknown') },
        { value: '1', label: t('user.male') },
        { value: '2', label: t('user.female') },
      ],
    },
    {
      name: 'department',
      label: t('user.department'),
      type: 'select',
      options: [{ value: '0', label: t('user.no_department') }, ...departments.map((d) => ({ value: String(d.id), label: d.name }))],
    },
    { name: 'email', label: t('user.email'), type: 'text', max: 64 },
    { name: 'phone', label: t('user.phone'), type: 'tel', max: 32 },
  ];
}

const numbers = new Set(['sex', 'department']);

/** A form's values as the API takes them. */
export function asBody(values: Values, keep: (name: string, value: string) => boolean = () => true): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name, value]) => keep(name, value))
      .map(([name, value]) => [name, numbers.has(name) ? Number(value) : value]),
  );
}

export function useDepartments(): { departments: Department[] | undefined; error: ApiError | undefined } {
  const { data, error } = useData<Department[]>('/departments');
  return { departments: data, error };
}

export function NewUser() {
  const { departments, error } = useDepartments();
  const add = async (values: Values): Promise<void> => {
    const { id } = await call<{ id: number }>('POST', '/users', asBody(values, (name, value) => value !== '' && !(name === 'department' && value === '0')));
    say(t('user.added', { name: values.name ?? '' }));
    go(`/users/${id}`);
  };
  return (
    <>
      <Head title={t('user.add')} back={{ href: '#/users', label: t('nav.users') }} />
      <Trouble error={error} />
      {departments && (
        <section class="card narrow">
          <Form
            fields={[
              { name: 'name', label: t('user.name'), required: true, max: 64 },
              { name: 'password', label: t('user.password'), type: 'password', required: true, fill: 'new-password' },
              ...profileFields(departments),
            ]}
            start={{ sex: '0', department: '0' }}
            action={t('do.add')}
            onSubmit={add}
            onCancel={() => go('/users')}
          />
        </section>
      )}
    </>
  );
}
