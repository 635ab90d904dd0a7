import { useState } from 'preact/hooks';
import { language, languages, setLanguage, type Language } from 'parley/i18n';
import { forget, remember } from '../remembered';
import type { Chat } from '../state/chat';
import { t } from '../texts';
import { passwordDigest } from '../wire/codec';

function reason(chat: Chat): string {
  if (!chat.ended) return '';
  switch (chat.ended.why) {
    case 'signed-out': return '';
    case 'wrong': return t('endWrong');
    case 'elsewhere': return t('endElsewhere');
    case 'phone': return t('endPhone');
    case 'busy': return t('endBusy');
    case 'database': return t('endDatabase');
    case 'unreachable': return t('endUnreachable');
    case 'refused': return t('endRefused', { text: chat.ended.text });
  }
}

export function SignIn({ chat }: { chat: Chat }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [stay, setStay] = useState(true);
  const [typed, setTyped] = useState(false);
  const entering = chat.phase !== 'out';
  const wrong = reason(chat);

  const submit = (event: Event) => {
    event.preventDefault();
    if (entering || name === '' || password === '') return;
    const who = { name, digest: passwordDigest(password) };
    setPassword('');
    setTyped(true);
    if (stay) remember(who);
    else forget();
    chat.signIn(who);
  };

  // Whoever stayed signed in sees no form.
  if (entering && !typed) return <main class="sign-in" aria-busy="true"><div><Logo /><p class="quiet">{t('signingIn')}</p></div></main>;
  return (
    <main class="sign-in">
      <form onSubmit={submit} aria-busy={entering}>
        <Logo />
        <h1>Parley</h1>
        <p class="quiet">{t('tagline')}</p>
        {wrong && <p class="trouble" role="alert">{wrong}</p>}
        <label for="name">{t('name')}</label>
        <input id="name" class="field" name="username" autocomplete="username" autocapitalize="none" spellcheck={false} autofocus required
          value={name} onInput={(event) => setName(event.currentTarget.value)} />
        <label for="password">{t('password')}</label>
        <input id="password" class="field" name="password" type="password" autocomplete="current-password" required
          value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
        <label class="check"><input type="checkbox" checked={stay} onChange={(event) => setStay(event.currentTarget.checked)} /> {t('stay')}</label>
        <button class="button main" type="submit" disabled={entering}>{entering ? t('signingIn') : t('signIn')}</button>
      </form>
      <nav class="languages" aria-label={t('language')}>
        {(Object.keys(languages) as Language[]).map((each) => (
          <button type="button" lang={each} aria-pressed={language() === each} onClick={() => setLanguage(each)}>{languages[each]}</button>
        ))}
      </nav>
    </main>
  );
}

function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M8 9.5A2.5 2.5 0 0 1 10.5 7h11A2.5 2.5 0 0 1 24 9.500v8a2.5 2.5 0 0 1-2.5 2.5H15l-4.6 4.300c-.5.5-1.4.1-1.4-.6V20A2.5 2.5 0 0 1 8 17.500z" fill="var(--on-accent)" />
      <path d="M12 11.500h8M12 15h5" stroke="var(--accent)" stroke-width="1.8" stroke-linecap="round" />
    </svg>
  );
}
