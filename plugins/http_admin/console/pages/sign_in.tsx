// The sign-in; the page that was asked for follows it.
import { ended, signIn } from '../lib/api';
import { t } from '../lib/i18n';
import { useStore } from '../lib/store';
import { Form } from '../ui/form';
import { Banner } from '../ui/notice';
import { Switches } from '../ui/shell';

export function SignIn() {
  const over = useStore(ended);
  return (
    <div class="sign-in">
      <main>
        <h1>Parley</h1>
        <p class="soft">{t('signin.title')}</p>
        {over && <Banner kind="note">{t('signin.ended')}</Banner>}
        <Form
          fields={[
            { name: 'name', label: t('admin.name'), required: true, fill: 'username' },
            { name: 'password', label: t('admin.password'), type: 'password', required: true, fill: 'current-password' },
          ]}
          action={t('do.signin')}
          onSubmit={(v) => signIn(v.name ?? '', v.password ?? '')}
        />
        <div class="switches">
          <Switches />
        </div>
      </main>
    </div>
  );
}
