// What the API answers, as openapi.yaml has it.
import type { Role } from './api';

export interface Terminal {
  session: number | string;
  tag: string;
  type: string;
  address: string;
  since: number;
}

export interface User {
  id: number;
  name: string;
  nick: string;
  sex: number;
  department: number;
  department_name: string;
  email: string;
  phone: string;
  signature: string;
  avatar: string;
  disabled: boolean;
  created: number;
  updated: number;
  terminals: Terminal[];
}

export interface Department {
  id: number;
  name: string;
  parent: number;
  priority: number;
  users: number;
}

export interface Member {
  user: number;
  name: string;
  since: number;
  muted: boolean;
}

export interface Group {
  id: number;
  name: string;
  type: string;
  owner: number;
  members: number;
  version: number;
  status: string;
  created: number;
  updated: number;
  avatar?: string;
  invitations?: number;
  member?: Member[];
}

export interface Link {
  id: number;
  priority: number;
  name: string;
  url: string;
}

export interface Session {
  session: number | string;
  user: number;
  tag: number;
  level: number;
  peer: string;
  transport: string;
  seconds: number;
  idle: number;
  unsent: number;
  state: string;
}

export interface AdminRow {
  id: number;
  name: string;
  role: Role;
  disabled: boolean;
  locked: boolean;
  created: number;
  updated: number;
  last_login: number;
}

export interface Audited {
  id: number;
  at: number;
  admin: string;
  role: string;
  address: string;
  action: string;
  target: string;
  result: string;
  detail: string;
}

export interface Listener {
  name: string;
  kind: string;
  address: string;
  port: number;
  connections: number;
  refused?: number;
  certificate?: string;
}

export interface Status {
  name: string;
  version: string;
  pid: number;
  state: string;
  ready: boolean;
  uptime_ms: number;
  data: string;
  durable: boolean;
  durability: string;
  degraded: string;
  quarantined: string[];
  sessions: number;
  logged_in: number;
  in_flight: number;
  pdus_in: number;
  pdus_out: number;
  failed_requests: number;
  listeners: Listener[];
}

export interface Pool {
  name: string;
  kind: string;
  threads?: number;
  queued?: number;
  running?: number;
  done?: number;
  errors?: number;
  busy?: number;
  expired?: number;
  unavailable?: number;
  wait_us?: number;
  run_us?: number;
  batches?: number;
  mean_batch?: number;
  hits?: number;
  misses?: number;
  entries?: number;
  bytes?: number;
  evicted?: number;
  state?: string;
}

export interface Stats {
  at_ms: number;
  uptime_ms: number;
  sessions: number;
  logged_in: number;
  in_flight: number;
  pdus_in: number;
  pdus_out: number;
  failed_requests: number;
  logins: number;
  acks: number;
  ack_p50_us: number;
  ack_p99_us: number;
  resident_kib: number;
  pools: Pool[];
  plugins: { name: string; generation: number; calls: number; errors: number; p50_us: number; p99_us: number; loop_ns: number; stalls: number; pins: number }[];
}

export interface Plugin {
  name: string;
  version: string;
  file?: string;
  generation?: number;
  state: string;
  probation_ms?: number | null;
  commands: number;
  calls?: number;
  errors?: number;
  p50_us?: number;
  p99_us?: number;
  loop_ms?: number;
  stalls?: number;
  held_bytes?: number;
  pins?: Record<string, number>;
  held_by?: Record<string, unknown>[];
  build_id?: string;
  summary: string;
}

export interface Swapped {
  plugin: string;
  from: number | null;
  to: number | null;
  in_flight: number;
  ms: number;
}

export interface LogLine {
  n: number;
  at: number;
  level: string;
  module: string;
  plugin: string;
  generation: number;
  session: number | string;
  text: string;
}

export interface Announcement {
  id: number;
  text: string;
  author: number;
  audience: string;
  department: number;
  created: number;
  total: number;
  sent: number;
  skipped: number;
  finished: number | boolean;
}

export interface Message {
  id: number;
  author: number;
  created: number;
  text?: string;
  /** text, audio, unreadable; of one that is shown in its conversation */
  type?: string;
  seconds?: number;
  removed?: boolean;
}

/** Of a search, which says where. */
export interface FoundMessage extends Message {
  kind: string;
  user?: number;
  peer?: number;
  group?: number;
}

/** Of a message. */
export interface Way {
  remembered: boolean;
  accepted: number | null;
  committed: number;
  sender: number;
  removed?: boolean;
  complete?: boolean;
  all_readers?: boolean;
  pushed?: { user: number; session: number | string; tag: number | string; at: number; acked: number | null }[];
  /** until: it was read at that time or before */
  read?: { user: number; at?: number; until?: number }[];
}
