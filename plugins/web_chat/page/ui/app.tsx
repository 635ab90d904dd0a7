import { useEffect, useReducer, useState } from 'preact/hooks';
import { onLanguage } from 'parley/i18n';
import { forget } from '../remembered';
import { showUnread } from '../notify';
import type { Chat } from '../state/chat';
import type { Key } from '../state/conversation';
import { useStore } from '../state/store';
import { t } from '../texts';
import { ConversationView } from './conversation';
import { Lightbox } from './dialog';
import { GroupDialog, NewGroupDialog } from './group_dialogs';
import { SettingsDialog } from './settings_dialog';
import { Sidebar } from './sidebar';
import { SignIn } from './sign_in';

type Shown = { what: 'settings' } | { what: 'new-group' } | { what: 'group'; id: number } | { what: 'picture'; url: string } | null;

const keyInAddress = (): Key | null => (/^#[ug]\d{1,10}$/.test(location.hash) ? (location.hash.slice(1) as Key) : null);

/** What is open stands in the address: it is there after a reload, and a phone's back button closes it. */
function useAddress(chat: Chat): (key: Key | null) => void {
  const me = chat.me?.userId;
  useEffect(() => {
    const follow = () => chat.me && chat.openConversation(keyInAddress());
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [chat, me]);
  return (key) => {
    if (key === null) {
      history.replaceState(null, '', location.pathname);
      chat.openConversation(null);
    } else if (key !== keyInAddress()) {
      location.hash = key;
    } else {
      chat.openConversation(key);
    }
  };
}

function Banner({ chat }: { chat: Chat }) {
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => again(undefined as never), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(1, Math.ceil((chat.retryAt - Date.now()) / 1000));
  return (
    <div class="banner" role="status">
      {chat.phase === 'connecting' ? t('connecting') : t('waiting', { n: seconds })} <span class="quiet">{t('waitingPending')}</span>
    </div>
  );
}

export function App({ chat }: { chat: Chat }) {
  useStore(chat);
  const [, again] = useReducer((n: number) => n + 1, 0);
  const [shown, show] = useState<Shown>(null);
  const [trouble, complain] = useState('');
  const open = useAddress(chat);
  useEffect(() => onLanguage(() => again(undefined as never)), []);
  useEffect(() => showUnread(chat.unread));
  useEffect(() => {
    if (trouble === '') return;
    const timer = setTimeout(() => complain(''), 6000);
    return () => clearTimeout(timer);
  }, [trouble]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') || !chat.me) return;
      event.preventDefault();
      const all = chat.recent();
      const at = all.findIndex((each) => each.key === chat.openKey);
      const next = all[at < 0 ? 0 : (at + (event.key === 'ArrowDown' ? 1 : all.length - 1)) % all.length];
      if (next) open(next.key);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });

  if (!chat.me) return <SignIn chat={chat} />;
  const of = chat.open;
  const close = () => show(null);
  const signOut = () => {
    close();
    forget();
    history.replaceState(null, '', location.pathname);
    chat.signOut();
  };
  return (
    <div class={`frame${of ? ' has-open' : ''}`}>
      {chat.phase !== 'online' && <Banner chat={chat} />}
      <Sidebar chat={chat} open={open} newGroup={() => show({ what: 'new-group' })} settings={() => show({ what: 'settings' })} />
      <main>
        {of
          ? <ConversationView chat={chat} of={of} back={() => open(null)} details={() => show({ what: 'group', id: of.id })} look={(url) => show({ what: 'picture', url })} complain={complain} />
          : <div class="nothing"><p>{t('choose')}</p><p class="quiet">{t('chooseHint')}</p></div>}
      </main>
      {trouble && <p class="toast" role="alert">{trouble}</p>}
      {shown?.what === 'settings' && <SettingsDialog close={close} signOut={signOut} />}
      {shown?.what === 'new-group' && <NewGroupDialog chat={chat} close={close} made={(key) => (close(), open(key))} />}
      {shown?.what === 'group' && <GroupDialog chat={chat} id={shown.id} close={close} />}
      {shown?.what === 'picture' && <Lightbox url={shown.url} close={close} />}
    </div>
  );
}
