import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { dayName } from 'parley/clock';
import type { Chat } from '../state/chat';
import type { Conversation, Message } from '../state/conversation';
import type { SharedFile } from '../state/files';
import { t } from '../texts';
import { Avatar } from './avatar';
import { Composer, give } from './composer';
import { FileCard } from './file_card';
import { BackIcon, DownIcon, InfoIcon } from './icons';
import { Bubble, UnsentBubble } from './message';

interface Props {
  chat: Chat;
  of: Conversation;
  back(): void;
  details(): void;
  look(url: string): void;
  complain(text: string): void;
}

const nearEnd = 80;
const nearStart = 200;
const togetherSeconds = 300;

type Entry = { time: number } & ({ message: Message } | { file: SharedFile });

function entriesOf(chat: Chat, of: Conversation): Entry[] {
  const out: Entry[] = of.messages.map((message) => ({ time: message.time, message }));
  if (of.group) return out;
  for (const file of chat.files.with(of.id)) {
    const at = out.findIndex((each) => each.time > file.time);
    out.splice(at < 0 ? out.length : at, 0, { time: file.time, file });
  }
  return out;
}

function Subtitle({ chat, of }: { chat: Chat; of: Conversation }) {
  if (of.group) return <span class="quiet">{t('members', { n: chat.people.groups.get(of.id)?.size ?? 0 })}</span>;
  if (of.typingUntil > Date.now()) return <span class="accent">{t('typing')}</span>;
  return <span class="quiet">{t(chat.people.presence(of.id))}</span>;
}

/** Stays at the end as long as one is there, and where one reads when older messages come in above. */
function useScrolling(chat: Chat, of: Conversation, entries: Entry[], unsent: number) {
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const before = useRef({ key: of.key, oldest: 0, height: 0 });
  const [away, setAway] = useState(false);

  const toEnd = () => {
    atEnd.current = true;
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  };
  useLayoutEffect(() => {
    const area = log.current!;
    const was = before.current;
    if (was.key !== of.key) atEnd.current = true;
    else if (of.oldest < was.oldest && !atEnd.current) area.scrollTop += area.scrollHeight - was.height;
    if (atEnd.current) area.scrollTop = area.scrollHeight;
    before.current = { key: of.key, oldest: of.oldest, height: area.scrollHeight };
    if (of.begun && !of.atStart && !of.loading && area.scrollHeight <= area.clientHeight) void chat.history.older(of);
  }, [of.key, entries.length, of.oldest, of.newest, unsent, of.loading]);

  // What becomes higher later (pictures), or a window that becomes lower, does not push the end out of sight.
  useLayoutEffect(() => {
    const area = log.current!;
    const watch = new ResizeObserver(() => {
      if (atEnd.current) area.scrollTop = area.scrollHeight;
      before.current.height = area.scrollHeight;
    });
    watch.observe(area);
    watch.observe(area.firstElementChild!);
    return () => watch.disconnect();
  }, []);

  const scrolled = () => {
    const area = log.current!;
    atEnd.current = area.scrollHeight - area.scrollTop - area.clientHeight < nearEnd;
    setAway(!atEnd.current);
    if (area.scrollTop < nearStart && of.begun) void chat.history.older(of);
  };
  return { log, scrolled, toEnd, away };
}

export function ConversationView({ chat, of, back, details, look, complain }: Props) {
  const [dropping, setDropping] = useState(false);
  const entries = entriesOf(chat, of);
  const unsent = chat.outbox.items.filter((each) => each.to === of.key);
  const { log, scrolled, toEnd, away } = useScrolling(chat, of, entries, unsent.length);
  const name = chat.people.name(of);
  const group = of.group ? chat.people.groups.get(of.id) : undefined;
  const me = chat.me!.userId;

  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    void give(chat, of, [...(event.dataTransfer?.files ?? [])], complain).then(toEnd);
  };

  return (
    <section class="conversation" aria-label={name} onDragOver={(event) => (event.preventDefault(), setDropping(true))}
      onDragLeave={(event) => event.currentTarget === event.target && setDropping(false)} onDrop={dropped}>
      <header>
        <button class="round back" onClick={back} aria-label={t('back')}><BackIcon /></button>
        <Avatar name={name} id={of.id} group={of.group} picture={(group ?? chat.people.persons.get(of.id))?.avatar ?? ''} media={chat.media} presence={of.group ? undefined : chat.people.presence(of.id)} />
        <span class="title"><h2>{name}</h2><Subtitle chat={chat} of={of} /></span>
        {of.group && <button class="round" onClick={details} title={t('details')} aria-label={t('details')}><InfoIcon /></button>}
      </header>
      <div class="log" ref={log} onScroll={scrolled} tabIndex={0} role="log" aria-live="polite" aria-label={name} aria-busy={of.loading}>
        <div class="entries">
          <p class="note">{of.loading && !of.atStart ? t('loading') : of.atStart && entries.length > 0 ? t('beginning') : of.begun && entries.length === 0 && unsent.length === 0 ? t('sayHello') : ''}</p>
          {entries.map((each, i) => {
            const previous = entries[i - 1];
            const next = entries[i + 1];
            const day = !previous || dayName(previous.time) !== dayName(each.time) ? <p class="day"><span>{dayName(each.time)}</span></p> : null;
            if ('file' in each) return <div key={`f${each.file.number}`} class="entry">{day}<FileCard chat={chat} file={each.file} /></div>;
            const { message } = each;
            const follows = (other: Entry | undefined) => other && 'message' in other && other.message.from === message.from && Math.abs(other.time - each.time) < togetherSeconds;
            const own = message.from === me;
            return (
              <div key={message.id} class={`entry${follows(previous) && !day ? ' together' : ''}`}>
                {day}
                <Bubble message={message} own={own} media={chat.media} look={look} read={!of.group && message.id <= of.peerReadTo} last={!follows(next)}
                  author={of.group && !own && (!follows(previous) || day) ? chat.people.personName(message.from) : null} />
              </div>
            );
          })}
          {unsent.map((item) => (
            <div key={item.clientId} class="entry"><UnsentBubble item={item} media={chat.media} again={() => chat.sender.again(item)} discard={() => chat.sender.discard(item)} /></div>
          ))}
        </div>
      </div>
      {away && <button class="round newest" onClick={toEnd} title={t('newest')} aria-label={t('newest')}><DownIcon /></button>}
      {dropping && <div class="drop" aria-hidden="true">{t('dropHere')}</div>}
      <Composer key={of.key} chat={chat} of={of} complain={complain} sent={toEnd} />
    </section>
  );
}
