// A conversation as it was, newest last; a message can be withdrawn or traced.
import { useEffect, useRef, useState } from 'preact/hooks';

import { ApiError, call, get, may, query as ask } from '../lib/api';
import { exact } from '../lib/format';
import { t } from '../lib/i18n';
import type { Message } from '../lib/types';
import { ask as confirm } from '../ui/dialog';
import { Banner, Trouble } from '../ui/notice';
import { Head } from '../ui/page';
import { UserLink } from '../ui/user_link';
import { Text } from './messages';

const size = 50;

export function Conversation({ place, at }: { place: string; at: string | null }) {
  const [messages, setMessages] = useState<Message[] | null>(null);
  const [more, setMore] = useState(true);
  const [error, setError] = useState<ApiError>();
  const wanted = useRef<HTMLLIElement>(null);
  const load = async (before: number | undefined, kept: Message[]): Promise<void> => {
    try {
      const { items, next } = await get<{ items: Message[]; next: number | null }>(`/messages/${place}` + ask({ before, limit: size }));
      setMessages([...items].sort((a, b) => a.id - b.id).concat(kept));
      setMore(next !== null);
      setError(undefined);
    } catch (problem) {
      setError(problem instanceof ApiError ? problem : new ApiError(0, 'page', String(problem)));
      if (!kept.length) setMessages([]);
    }
  };
  useEffect(() => void load(at ? Number(at) + size / 2 : undefined, []), [place, at]);
  useEffect(() => wanted.current?.scrollIntoView({ block: 'center' }), [messages !== null]);
  const remove = (m: Message): void =>
    confirm({
      title: t('message.withdraw'),
      text: t('message.withdraw_ask'),
      action: t('message.withdraw'),
      act: async () => {
        await call('DELETE', `/messages/${place}/${m.id}`);
        setMessages((now) => now?.map((each) => (each.id === m.id ? { ...each, removed: true, text: '' } : each)) ?? null);
      },
    });
  const [kind, a, b] = place.split('/');
  return (
    <>
      <Head title={kind === 'group' ? t('message.group_n', { n: a ?? '' }) : t('message.conversation')} back={{ href: '#/messages', label: t('nav.messages') }}>
        {kind === 'single' && (
          <span>
            <UserLink id={Number(a)} /> · <UserLink id={Number(b)} />
          </span>
        )}
      </Head>
      <Trouble error={error} />
      {may('operator') && <Banner kind="note">{t('message.private')}</Banner>}
      {messages && more && messages.length > 0 && (
        <p class="center">
          <button type="button" onClick={() => void load(messages[0]!.id, messages)}>
            {t('message.earlier')}
          </button>
        </p>
      )}
      {messages?.length === 0 && !error && <p class="empty">{t('list.empty')}</p>}
      <ol class="messages">
        {messages?.map((m) => (
          <li key={m.id} ref={at === String(m.id) ? wanted : undefined} class={at === String(m.id) ? 'wanted' : undefined}>
            <header>
              <UserLink id={m.author} /> <time>{exact(m.created)}</time> <span class="soft">#{m.id}</span>
              <span class="row-tools">
                <a href={`#/messages/${kind === 'single' ? `single/${m.author}/${m.author === Number(a) ? b : a}` : place}/${m.id}`}>{t('trace.title')}</a>
                {may('operator') && !m.removed && (
                  <button type="button" class="quiet danger" onClick={() => remove(m)}>
                    {t('message.withdraw')}
                  </button>
                )}
              </span>
            </header>
            <p>
              <Text message={m} />
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
