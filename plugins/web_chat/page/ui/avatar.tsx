import { useState } from 'preact/hooks';
import type { Presence } from '../state/people';
import { shown } from '../state/pictures';
import { t } from '../texts';
import { GroupIcon } from './icons';

const hues = 12;

/** The first letters of a name; of a Chinese one its last two characters, as it is called. */
function initials(name: string): string {
  const letters = [...name.trim()];
  if (letters.length === 0) return '?';
  if (/\p{Script=Han}/u.test(name)) return letters.slice(-2).join('');
  const words = name.trim().split(/[\s._-]+/).filter(Boolean);
  return words.slice(0, 2).map((each) => [...each][0]!.toUpperCase()).join('') || letters[0]!;
}

export function Avatar(of: { name: string; id: number; group?: boolean; picture: string; media: string; presence?: Presence; large?: boolean }) {
  const [broken, setBroken] = useState('');
  const source = of.picture && broken !== of.picture ? shown(of.picture, of.media).full : null;
  return (
    <span class={`avatar hue-${of.id % hues}${of.large ? ' large' : ''}${of.group ? ' group' : ''}`} aria-hidden="true">
      {source ? <img src={`${source}_100x100.jpg`} alt="" onError={() => setBroken(of.picture)} /> : of.group ? <GroupIcon /> : <span>{initials(of.name)}</span>}
      {of.presence && <i class={`dot ${of.presence}`} title={t(of.presence)} />}
    </span>
  );
}
