// One's own password.
import { ApiError, call, me } from '../lib/api';
import { t } from '../lib/i18n';
import { Form, type Values } from '../ui/form';
import { say } from '../ui/notice';
import { Head } from '../ui/page';
import { useState } from 'preact/hooks';

export function Account() {
  const [done, setDone] = useState(0);
  const admin = me.get()!;
  const change = async (v: Values): Promise<void> => {
    if (v.new !== v.again) throw new ApiError(0, 'malformed', t('account.differs'), 'again');
    await call('POST', '/me/password', { old: v.old, new: v.new });
    say(t('account.changed'));
    setDone(done + 1);
  };
  return (
    <>
      <Head title={t('nav.account')} />
      <section class="card narrow">
        <p>
          <b>{admin.name}</b> · {t(`role.${admin.role}`)}: {t(`role_says.${admin.role}`)}
        </p>
        <h2>{t('account.password')}</h2>
        <Form
          key={done}
          fields={[
            { name: 'old', label: t('account.old'), type: 'password', required: true, fill: 'current-password' },
            { name: 'new', label: t('account.new'), type: 'password', required: true, fill: 'new-password' },
            { name: 'again', label: t('account.again'), type: 'password', required: true, fill: 'new-password' },
          ]}
          action={t('do.save')}
          onSubmit={change}
        />
      </section>
    </>
  );
}
