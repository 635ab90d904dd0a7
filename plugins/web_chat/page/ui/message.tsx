// One message. Everything that somebody wrote is put in as text.
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { fullTime, timeOfDay } from 'parley/clock';
import type { Message } from '../state/conversation';
import type { Unsent } from '../state/outbox';
import { shown } from '../state/pictures';
import { t } from '../texts';
import { pieces } from '../wire/codec';
import { ClockIcon, TickIcon, TicksIcon } from './icons';

const address = /https?:\/\/[^\s<>"'`，。；！？）】」』]+[^\s<>"'`，。；！？）】」』.,;:!?)\]}]/g;

function Words({ text }: { text: string }) {
  const out = [];
  let from = 0;
  for (const found of text.matchAll(address)) {
    if (found.index > from) out.push(text.slice(from, found.index));
    out.push(<a href={found[0]} target="_blank" rel="noopener noreferrer nofollow">{found[0]}</a>);
    from = found.index + found[0].length;
  }
  out.push(text.slice(from));
  return <>{out}</>;
}

const widest = 320;
const highest = 300;

export function Picture({ address: at, media, look }: { address: string; media: string; look(url: string): void }) {
  const of = shown(at, media);
  const [tried, setTried] = useState(0);
  const source = [of.small, of.full][tried] ?? null;
  if (!of.link) return <span class="quiet">{at}</span>;
  if (!of.full || !of.small) {
    return <a href={of.link} target="_blank" rel="noopener noreferrer nofollow">{t('pictureElsewhere', { host: new URL(of.link).host })}</a>;
  }
  if (!source) return <span class="quiet">{t('pictureGone')}</span>;
  const share = of.width > 0 && of.height > 0 ? Math.min(1, widest / of.width, highest / of.height) : 0;
  const size = share > 0 ? { width: Math.round(of.width * share), height: Math.round(of.height * share) } : {};
  return (
    <button class="picture" onClick={() => look(of.full!)} aria-label={t('openPicture')}>
      <img src={source} alt={t('picture')} loading="lazy" decoding="async" {...size} onError={() => setTried(tried + 1)} />
    </button>
  );
}

function Content({ message, media, look }: { message: Pick<Message, 'text' | 'voice'>; media: string; look(url: string): void }) {
  if (message.voice !== null) return <span class="quiet">{t('voiceSeconds', { n: message.voice })}</span>;
  if (message.text === null) return <span class="quiet">{t('unreadable')}</span>;
  return (
    <>
      {pieces(message.text).map((each, i) => (
        <Fragment key={i}>{'picture' in each ? <Picture address={each.picture} media={media} look={look} /> : <Words text={each.text} />}</Fragment>
      ))}
    </>
  );
}

const onlyPicture = (text: string | null): boolean => text !== null && pieces(text).every((each) => 'picture' in each);

export function Bubble(of: { message: Message; own: boolean; author: string | null; media: string; read: boolean; last: boolean; look(url: string): void }) {
  const { message, own } = of;
  return (
    <div class={`bubble${own ? ' own' : ''}${onlyPicture(message.text) ? ' bare' : ''}${of.last ? ' last' : ''}`} data-id={message.id}>
      {of.author !== null && <b class={`author hue-${message.from % 12}`}>{of.author}</b>}
      <span class="content"><Content message={message} media={of.media} look={of.look} /></span>
      <span class="stamp">
        <time title={fullTime(message.time)}>{timeOfDay(message.time)}</time>
        {own && <span class={`tick${of.read ? ' read' : ''}`} role="img" aria-label={of.read ? t('read') : t('sent')} title={of.read ? t('read') : t('sent')}>{of.read ? <TicksIcon /> : <TickIcon />}</span>}
      </span>
    </div>
  );
}

export function UnsentBubble({ item, media, again, discard }: { item: Unsent; media: string; again(): void; discard(): void }) {
  const uploading = item.text === null && item.state === 'sending';
  const state = uploading ? t('uploading', { n: Math.round((item.picture?.share ?? 0) * 100) }) : item.state === 'sending' ? t('sending') : t('pending');
  const share = item.picture ? Math.min(1, widest / item.picture.width, highest / item.picture.height) : 0;
  return (
    <div class={`bubble own unsent ${item.state}${item.picture || onlyPicture(item.text) ? ' bare' : ''}`} data-client-id={item.clientId}>
      <span class="content">
        {item.picture
          ? <span class="picture"><img src={item.picture.preview} alt={t('picture')} width={Math.round(item.picture.width * share)} height={Math.round(item.picture.height * share)} /></span>
          : <Content message={{ text: item.text, voice: null }} media={media} look={() => {}} />}
      </span>
      {item.state === 'failed'
        ? <span class="stamp trouble" role="alert">{item.why ? t('notSentWhy', { text: item.why }) : t('notSent')} <button onClick={again}>{t('tryAgain')}</button> <button onClick={discard}>{t('discard')}</button></span>
        : <span class="stamp">{uploading ? state : timeOfDay(item.time)}<span class="tick" role="img" aria-label={state} title={state}><ClockIcon /></span></span>}
    </div>
  );
}
