// Which page is at which address.
import type { ComponentType } from 'preact';

import { Account } from './account';
import { Admins } from './admins';
import { Announcements } from './announcements';
import { Audit } from './audit';
import { Dashboard } from './dashboard';
import { Departments } from './departments';
import { Groups } from './groups';
import { Links } from './links';
import { Log } from './log';
import { Messages } from './messages';
import { Node } from './node';
import { Plugins } from './plugins';
import { Pools } from './pools';
import { Sessions } from './sessions';
import { Users } from './users';

export interface PageProps {
  parts: string[];
  query: URLSearchParams;
}

export const pages: Record<string, ComponentType<PageProps> | undefined> = {
  '': Dashboard,
  account: Account,
  admins: Admins,
  announcements: Announcements,
  audit: Audit,
  departments: Departments,
  groups: Groups,
  links: Links,
  log: Log,
  messages: Messages,
  node: Node,
  plugins: Plugins,
  pools: Pools,
  sessions: Sessions,
  users: Users,
};
