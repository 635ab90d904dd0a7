// Users chosen by name: type, walk what is found with the arrows, Enter takes, Backspace gives the last back.
import { useEffect, useId, useState } from 'preact/hooks';

import { get, query } from '../lib/api';
import type { Page } from '../lib/data';
import { t } from '../lib/i18n';
import { learn } from '../lib/names';
import type { User } from '../lib/types';

export type Picked = Pick<User, 'id' | 'name'>;

function useFound(text: string, without: Picked[]): User[] {
  const [found, setFound] = useState<User[]>([]);
  useEffect(() => {
    if (!text.trim()) return setFound([]);
    const gone = new AbortController();
    const timer = setTimeout(() => {
      get<Page<User>>('/users' + query({ search: text.trim(), size: 8 }), { signal: gone.signal }).then(
        (page) => (page.items.forEach(learn), setFound(page.items)),
        () => undefined,
      );
    }, 150);
    return () => (clearTimeout(timer), gone.abort());
  }, [text]);
  return found.filter((user) => !without.some((each) => each.id === user.id));
}

export function UserPicker({ label, chosen, choose, most = 10000 }: { label: string; chosen: Picked[]; choose: (users: Picked[]) => void; most?: number }) {
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = useFound(text, chosen);
  const take = (user: User | undefined): void => {
    if (!user) return;
    choose([...chosen, { id: user.id, name: user.name }].slice(-most));
    setText('');
    setAt(0);
  };
  const key = (e: KeyboardEvent): void => {
    if (e.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
    else if (e.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (e.key === 'Enter' && text) take(found[at]);
    else if (e.key === 'Backspace' && !text) return choose(chosen.slice(0, -1));
    else return;
    e.preventDefault();
  };
  return (
    <div class="entry">
      <label for={id}>{label}</label>
      <div class="picker">
        {chosen.map((user) => (
          <span class="chip" key={user.id}>
            {user.name}
            <button type="button" aria-label={t('picker.remove', { name: user.name })} onClick={() => choose(chosen.filter((each) => each.id !== user.id))}>
              ×
            </button>
          </span>
        ))}
        <input
          id={id}
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={id + '-list'}
          aria-activedescendant={found[at] ? `${id}-${found[at].id}` : undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder={t('picker.type')}
          value={text}
          onInput={(e) => (setText(e.currentTarget.value), setAt(0))}
          onKeyDown={key}
        />
      </div>
      {found.length > 0 && (
        <ul class="found" role="listbox" id={id + '-list'}>
          {found.map((user, i) => (
            <li key={user.id} id={`${id}-${user.id}`} role="option" aria-selected={i === at} onMouseDown={(e) => (e.preventDefault(), take(user))}>
              {user.name} <span class="soft">{user.nick} #{user.id}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
