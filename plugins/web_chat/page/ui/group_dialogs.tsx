import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../state/chat';
import type { Key } from '../state/conversation';
import { t } from '../texts';
import { Refused } from '../wire/line';
import { Avatar } from './avatar';
import { Dialog } from './dialog';

/** People to tick, but those of `without`. */
function Choice({ chat, chosen, without, choose }: { chat: Chat; chosen: Set<number>; without: number[]; choose(next: Set<number>): void }) {
  const [wanted, setWanted] = useState('');
  const fits = (name: string) => name.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase());
  const people = chat.people.contacts(chat.me!.userId).filter((each) => !without.includes(each.id) && (fits(each.name) || fits(each.login)));
  const toggle = (id: number) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    choose(next);
  };
  return (
    <fieldset class="choice">
      <legend>{t('groupMembers')}</legend>
      <input class="field" type="search" placeholder={t('search')} aria-label={t('search')} value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
      <ul>
        {people.slice(0, 200).map((each) => (
          <li key={each.id}><label><input type="checkbox" checked={chosen.has(each.id)} onChange={() => toggle(each.id)} />
            <Avatar name={each.name} id={each.id} picture={each.avatar} media={chat.media} presence={chat.people.presence(each.id)} /> <span>{each.name}</span></label></li>
        ))}
        {people.length === 0 && <li class="empty">{t('noPeople')}</li>}
      </ul>
    </fieldset>
  );
}

/** Runs what may fail, and says why. */
function useTrying() {
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const trying = async (what: () => Promise<void>) => {
    setBusy(true);
    setTrouble('');
    try {
      await what();
    } catch (why) {
      setTrouble(t('failed', { text: why instanceof Refused && why.message ? why.message : t('noAnswer') }));
    }
    setBusy(false);
  };
  return { trouble: trouble && <p class="trouble" role="alert">{trouble}</p>, busy, trying };
}

export function NewGroupDialog({ chat, close, made }: { chat: Chat; close(): void; made(key: Key): void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState(new Set<number>());
  const { trouble, busy, trying } = useTrying();
  const submit = (event: Event) => {
    event.preventDefault();
    void trying(async () => made(await chat.groups.create(name.trim(), [...chosen])));
  };
  return (
    <Dialog title={t('newGroup')} close={close}>
      <form onSubmit={submit}>
        {trouble}
        <label for="group-name">{t('groupName')}</label>
        <input id="group-name" class="field" maxLength={60} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        <Choice chat={chat} chosen={chosen} without={[]} choose={setChosen} />
        <button class="button main" type="submit" disabled={busy || name.trim() === '' || chosen.size === 0}>{t('create')}</button>
      </form>
    </Dialog>
  );
}

export function GroupDialog({ chat, id, close }: { chat: Chat; id: number; close(): void }) {
  const group = chat.people.groups.get(id);
  const [name, setName] = useState(group?.name ?? '');
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [chosen, setChosen] = useState(new Set<number>());
  const { trouble, busy, trying } = useTrying();
  useEffect(() => void trying(() => chat.groups.askMembers(id)), [id]);
  if (!group) return null;
  const mine = group.owner === chat.me!.userId;
  return (
    <Dialog title={group.name} close={close}>
      {trouble}
      {mine && (
        <form class="side-by-side" onSubmit={(event) => (event.preventDefault(), void trying(() => chat.groups.rename(id, name.trim())))}>
          <input class="field" maxLength={60} aria-label={t('groupName')} value={name} onInput={(event) => setName(event.currentTarget.value)} />
          <button class="button" disabled={busy || name.trim() === '' || name.trim() === group.name}>{t('rename')}</button>
        </form>
      )}
      <h3>{t('members', { n: group.size })}</h3>
      <ul class="member-list">
        {(group.members ?? []).slice(0, 200).map((each) => (
          <li key={each}><Avatar name={chat.people.personName(each)} id={each} picture={chat.people.persons.get(each)?.avatar ?? ''} media={chat.media} presence={chat.people.presence(each)} />
            <span>{chat.people.personName(each)}{each === group.owner && <small class="quiet"> {t('owner')}</small>}</span></li>
        ))}
      </ul>
      {adding && (
        <form onSubmit={(event) => (event.preventDefault(), void trying(async () => (await chat.groups.add(id, [...chosen]), setChosen(new Set()), setAdding(false))))}>
          <Choice chat={chat} chosen={chosen} without={group.members ?? []} choose={setChosen} />
          <button class="button main" disabled={busy || chosen.size === 0}>{t('add')}</button>
        </form>
      )}
      {leaving && (
        <div class="sure" role="alert"><p>{t('leaveSure', { name: group.name })}</p>
          <button class="button danger" disabled={busy} onClick={() => void trying(async () => (await chat.groups.leave(id), close()))}>{t('leave')}</button>
          <button class="button" onClick={() => setLeaving(false)}>{t('cancel')}</button></div>
      )}
      {!adding && !leaving && (
        <p class="side-by-side"><button class="button" onClick={() => setAdding(true)}>{t('addMembers')}</button>
          <button class="button danger" onClick={() => setLeaving(true)}>{t('leave')}</button></p>
      )}
    </Dialog>
  );
}
