// The console: who is signed in decides what is shown, the address which page.
import 'parley/theme.css';
import './style.css';

import { applyTheme } from 'parley/theme';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';

import { me, may, resume } from './lib/api';
import { language, t } from './lib/i18n';
import { listenToKeys } from './lib/keys';
import { places } from './lib/places';
import { usePlace } from './lib/router';
import { useStore } from './lib/store';
import { pages } from './pages';
import { SignIn } from './pages/sign_in';
import { Questions } from './ui/dialog';
import { Help } from './ui/help';
import { Banner, Toasts } from './ui/notice';
import { Shell } from './ui/shell';

function Page() {
  const place = usePlace();
  const name = place.parts[0] ?? '';
  const Shown = pages[name];
  const info = places.flatMap((group) => group.items).find((each) => each.path === name);
  useEffect(() => document.querySelector('main')?.scrollTo(0, 0), [place.parts.join('/')]);
  if (!Shown) return <Banner>{t('error.page')}</Banner>;
  if (info && !may(info.role)) return <Banner>{t('error.role')}</Banner>;
  return <Shown key={place.parts.join('/')} parts={place.parts.slice(1)} query={place.query} />;
}

function App() {
  const admin = useStore(me);
  const spoken = useStore(language);
  if (admin === undefined) return null;
  return (
    <>
      {admin ? (
        <Shell key={spoken + admin.id}>
          <Page />
        </Shell>
      ) : (
        <SignIn key={spoken} />
      )}
      <Questions />
      <Help />
      <Toasts />
    </>
  );
}

applyTheme();
listenToKeys();
const root = document.getElementById('app')!;
await resume();
root.replaceChildren();
render(<App />, root);
