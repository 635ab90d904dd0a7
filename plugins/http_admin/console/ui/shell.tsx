// What is around every page: where one can go, who one is, whether the node answers.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { me, may, reachable, signOut } from '../lib/api';
import { language, speak, t } from '../lib/i18n';
import { helpShown } from '../lib/keys';
import { places } from '../lib/places';
import { usePlace } from '../lib/router';
import { useStore } from '../lib/store';
import { nextTheme, paint, theme } from '../lib/theme';
import { Icon } from './icons';
import { Banner } from './notice';

function Navigation({ at }: { at: string }) {
  return (
    <nav aria-label={t('nav.label')}>
      {places.map((group) => {
        const items = group.items.filter((each) => may(each.role));
        return items.length ? (
          <section key={group.title}>
            <h2>{t(group.title)}</h2>
            {items.map((each) => (
              <a key={each.path} href={'#/' + each.path} aria-current={each.path === at ? 'page' : undefined}>
                <Icon name={each.icon} />
                {t(each.title)}
              </a>
            ))}
          </section>
        ) : null;
      })}
    </nav>
  );
}

export function Switches() {
  const now = useStore(theme);
  return (
    <>
      <button type="button" class="quiet square" data-key="t" title={t('theme.' + now as 'theme.auto')} aria-label={t('theme.' + now as 'theme.auto')} onClick={() => paint(nextTheme(now))}>
        <Icon name="theme" />
      </button>
      <button type="button" class="quiet" data-key="y" lang={language.get() === 'en' ? 'zh' : 'en'} onClick={() => speak(language.get() === 'en' ? 'zh' : 'en')}>
        {language.get() === 'en' ? '中文' : 'English'}
      </button>
    </>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  const { parts } = usePlace();
  const [open, setOpen] = useState(false);
  const admin = me.get();
  const answers = useStore(reachable);
  useEffect(() => setOpen(false), [parts.join('/')]);
  return (
    <div class={open ? 'shell open' : 'shell'}>
      <a class="skip" href="#content" onClick={(e) => (e.preventDefault(), document.querySelector<HTMLElement>('main')?.focus())}>
        {t('nav.skip')}
      </a>
      <header class="bar">
        <button type="button" class="quiet square menu" aria-label={t('nav.menu')} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'close' : 'menu'} />
        </button>
        <a class="brand" href="#/">
          Parley
        </a>
        <span class="room" />
        <Switches />
        <button type="button" class="quiet square wide-only" title={t('keys.title')} aria-label={t('keys.title')} onClick={() => helpShown.set(true)}>
          <Icon name="help" />
        </button>
        <a class="who" href="#/account" title={t('nav.account')}>
          <Icon name="account" />
          <span>{admin?.name}</span>
        </a>
        <button type="button" class="quiet square" title={t('do.signout')} aria-label={t('do.signout')} onClick={() => void signOut()}>
          <Icon name="signout" />
        </button>
      </header>
      <aside>
        <Navigation at={parts[0] ?? ''} />
      </aside>
      <main id="content" tabIndex={-1}>
        {!answers && <Banner>{t('error.unreachable')}</Banner>}
        {children}
      </main>
    </div>
  );
}
