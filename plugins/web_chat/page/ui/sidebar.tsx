import { useEffect, useRef, useState } from 'preact/hooks';
import { shortTime } from 'parley/clock';
import type { Chat } from '../state/chat';
import { keyOf, type Conversation, type Key } from '../state/conversation';
import type { Person } from '../state/people';
import { t } from '../texts';
import { pieces } from '../wire/codec';
import { Avatar } from './avatar';
import { GearIcon, PlusIcon, SearchIcon } from './icons';

interface Props {
  chat: Chat;
  open(key: Key): void;
  newGroup(): void;
  settings(): void;
}

/** What was said last, in a line. */
export function lineOf(text: string | null, voice: boolean): string {
  if (voice) return `[${t('voice')}]`;
  if (text === null) return '…';
  return pieces(text).map((each) => ('picture' in each ? `[${t('picture')}]` : each.text)).join(' ').replace(/\s+/g, ' ').slice(0, 160);
}

function previewLine(chat: Chat, of: Conversation): string {
  const unsent = chat.outbox.items.findLast((each) => each.to === of.key);
  if (unsent) return `${t('you')}: ${unsent.text === null ? `[${t('picture')}]` : lineOf(unsent.text, false)}`;
  if (of.draft && of.key !== chat.openKey) return `${t('draft')}: ${of.draft}`;
  if (!of.preview) return of.group ? '' : chat.files.with(of.id).length > 0 ? `[${t('file')}]` : '';
  const line = lineOf(of.preview.text, of.preview.voice);
  const from = of.preview.from;
  if (from === chat.me?.userId) return `${t('you')}: ${line}`;
  return of.group && from > 0 ? `${chat.people.personName(from)}: ${line}` : line;
}

function Chats({ chat, of, open }: { chat: Chat; of: Conversation; open: Props['open'] }) {
  const name = chat.people.name(of);
  const group = of.group ? chat.people.groups.get(of.id) : undefined;
  const person = of.group ? undefined : chat.people.persons.get(of.id);
  const typing = of.typingUntil > Date.now();
  return (
    <li>
      <button class="row" aria-current={of.key === chat.openKey} onClick={() => open(of.key)} data-key={of.key}>
        <Avatar name={name} id={of.id} group={of.group} picture={(group ?? person)?.avatar ?? ''} media={chat.media} presence={of.group ? undefined : chat.people.presence(of.id)} />
        <span class="row-text">
          <span class="row-top"><b>{name}</b>{of.preview && <time>{shortTime(of.preview.time)}</time>}</span>
          <span class="row-line">
            <span class={typing ? 'accent' : 'quiet'}>{typing ? t('typing') : previewLine(chat, of)}</span>
            {of.unread > 0 && <span class="badge" aria-label={t('unread', { n: of.unread })}>{of.unread > 99 ? '99+' : of.unread}</span>}
          </span>
        </span>
      </button>
    </li>
  );
}

function Contact({ chat, person, open }: { chat: Chat; person: Person; open: Props['open'] }) {
  const key = keyOf(false, person.id);
  const presence = chat.people.presence(person.id);
  return (
    <li>
      <button class="row" aria-current={key === chat.openKey} onClick={() => open(key)} data-key={key}>
        <Avatar name={person.name} id={person.id} picture={person.avatar} media={chat.media} presence={presence} />
        <span class="row-text">
          <span class="row-top"><b>{person.name}</b></span>
          <span class="row-line"><span class="quiet">{person.signature || t(presence)}</span></span>
        </span>
      </button>
    </li>
  );
}

const mostShown = 300;

export function Sidebar({ chat, open, newGroup, settings }: Props) {
  const [tab, setTab] = useState<'chats' | 'people'>('chats');
  const [wanted, setWanted] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        search.current?.focus();
        search.current?.select();
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);

  const fits = (name: string) => name.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase());
  const chats = chat.recent().filter((each) => wanted === '' || fits(chat.people.name(each)));
  const people = chat.people.contacts(chat.me?.userId ?? 0).filter((each) => wanted === '' || fits(each.name) || fits(each.login));
  const showChats = tab === 'chats' || wanted !== '';
  const showPeople = tab === 'people' || wanted !== '';

  const choose = (key: Key) => {
    setWanted('');
    open(key);
  };
  /** Arrows go through the list; Enter in the search takes the first. */
  const walk = (event: KeyboardEvent) => {
    const rows = [...(list.current?.querySelectorAll<HTMLButtonElement>('.row') ?? [])];
    if (event.key === 'Enter' && event.target === search.current && rows[0]) rows[0].click();
    if (event.key === 'Escape' && event.target === search.current) setWanted('');
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const at = rows.indexOf(document.activeElement as HTMLButtonElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
  };

  return (
    <aside class="sidebar" onKeyDown={walk}>
      <header>
        <span class="me">
          <Avatar name={chat.people.personName(chat.me?.userId ?? 0)} id={chat.me?.userId ?? 0} picture={chat.me?.avatarUrl ?? ''} media={chat.media} presence={chat.phase === 'online' ? 'online' : 'offline'} />
          <b>{chat.people.personName(chat.me?.userId ?? 0)}</b>
        </span>
        <button class="round" onClick={newGroup} title={t('newGroup')} aria-label={t('newGroup')}><PlusIcon /></button>
        <button class="round" onClick={settings} title={t('settings')} aria-label={t('settings')}><GearIcon /></button>
      </header>
      <label class="search">
        <SearchIcon />
        <span class="hidden-text">{t('search')}</span>
        <input ref={search} type="search" placeholder={t('searchHint')} value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
      </label>
      <div class="tabs" role="tablist">
        {(['chats', 'people'] as const).map((each) => (
          <button role="tab" aria-selected={tab === each} onClick={() => setTab(each)}>{t(each)}{each === 'chats' && chat.unread > 0 ? ` · ${chat.unread}` : ''}</button>
        ))}
      </div>
      <ul ref={list} class="rows" aria-label={t(tab)}>
        {showChats && chats.map((each) => <Chats key={each.key} chat={chat} of={each} open={choose} />)}
        {showPeople && people.slice(0, mostShown).map((each) => <Contact key={`p${each.id}`} chat={chat} person={each} open={choose} />)}
        {showChats && !showPeople && chats.length === 0 && <li class="empty">{t('noChats')}</li>}
        {showPeople && people.length === 0 && (!showChats || chats.length === 0) && <li class="empty">{t('noPeople')}</li>}
      </ul>
    </aside>
  );
}
