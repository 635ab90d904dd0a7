// The pages of the console: where they are, who sees them, and the key behind g that leads there.
import type { IconName } from '../ui/icons';
import type { Role } from './api';
import type { Key } from './i18n';

export interface PlaceInfo {
  path: string;
  icon: IconName & string;
  title: Key;
  key: string;
  role: Role;
}

const place = (path: string, icon: IconName, title: Key, key: string, role: Role = 'viewer'): PlaceInfo => ({ path, icon, title, key, role });

export const places: { title: Key; items: PlaceInfo[] }[] = [
  {
    title: 'nav.now',
    items: [
      place('', 'dashboard', 'nav.dashboard', 'd'),
      place('sessions', 'sessions', 'nav.sessions', 's'),
      place('log', 'log', 'nav.log', 'l'),
    ],
  },
  {
    title: 'nav.people',
    items: [
      place('users', 'users', 'nav.users', 'u'),
      place('departments', 'departments', 'nav.departments', 'e'),
      place('groups', 'groups', 'nav.groups', 'g'),
      place('messages', 'messages', 'nav.messages', 'm'),
      place('announcements', 'announcements', 'nav.announcements', 'a', 'operator'),
      place('links', 'links', 'nav.links', 'i'),
    ],
  },
  {
    title: 'nav.server',
    items: [
      place('plugins', 'plugins', 'nav.plugins', 'p'),
      place('pools', 'pools', 'nav.pools', 'o'),
      place('node', 'node', 'nav.node', 'n'),
    ],
  },
  {
    title: 'nav.keeping',
    items: [place('admins', 'admins', 'nav.admins', 'k', 'admin'), place('audit', 'audit', 'nav.audit', 't', 'admin')],
  },
];
