// The REST API: one way in, its errors as values that know their field.
import { kept } from 'parley/kept';

import { t } from './i18n';
import { makeStore } from './store';

const base = '/api/v1';

export type Role = 'viewer' | 'operator' | 'admin';

export interface Admin {
  id: number;
  name: string;
  role: Role;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

/** Who is signed in; null: nobody; undefined: not asked yet. */
export const me = makeStore<Admin | null | undefined>(undefined);
/** Why the sign-in is shown though somebody was signed in. */
export const ended = makeStore(false);
/** Whether the node answered the last time. */
export const reachable = makeStore(true);

let csrf = '';

/** Whether the cookie, which a page cannot see, may be there: who never signed in is not asked for. */
const hint = 'parley.console';

function over(): void {
  kept.remove(hint);
  csrf = '';
  me.set(null);
}

const ranks: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

export function may(role: Role): boolean {
  const admin = me.get();
  return !!admin && ranks[admin.role] >= ranks[role];
}

export interface Options {
  signal?: AbortSignal;
  type?: string;
}

async function failure(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as { error: { code: string; message: string; field?: string } };
    return new ApiError(response.status, error.code, error.message, error.field);
  } catch {
    return new ApiError(response.status, 'http', t('error.http', { status: response.status }));
  }
}

async function request<T>(method: string, path: string, body?: unknown, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET' && csrf) headers['X-Parley-CSRF'] = csrf;
  if (body !== undefined) headers['Content-Type'] = options.type ?? 'application/json';
  let response: Response;
  try {
    response = await fetch(base + path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: options.signal,
      body: body === undefined ? undefined : options.type ? (body as string) : JSON.stringify(body),
    });
  } catch (problem) {
    if (problem instanceof DOMException && problem.name === 'AbortError') throw problem;
    reachable.set(false);
    throw new ApiError(0, 'unreachable', t('error.unreachable'));
  }
  reachable.set(true);
  if (!response.ok) throw await failure(response);
  const text = await response.text();
  // A session's id has 64 bits, a number here 53. Within a text the quotes would be \", so no text is touched.
  return (text ? JSON.parse(text.replace(/"session" ?: ?(\d{16,})/g, '"session":"$1"')) : {}) as T;
}

/** Calls the API; a session that has ended leads to the sign-in. */
export async function call<T>(method: string, path: string, body?: unknown, options?: Options): Promise<T> {
  try {
    return await request<T>(method, path, body, options);
  } catch (problem) {
    if (problem instanceof ApiError && problem.code === 'unsigned' && me.get()) {
      ended.set(true);
      over();
    } else if (problem instanceof ApiError && (problem.code === 'not_allowed' || problem.code === 'csrf') && me.get()) {
      // The role is another by now, or another admin has signed in beside.
      void request<SignedIn>('GET', '/me').then(welcome, () => undefined);
    }
    throw problem;
  }
}

export const get = <T>(path: string, options?: Options): Promise<T> => call<T>('GET', path, undefined, options);

interface SignedIn {
  admin: Admin;
  csrf: string;
}

function welcome(answer: SignedIn): void {
  csrf = answer.csrf;
  kept.set(hint, 'signed in');
  ended.set(false);
  me.set(answer.admin);
}

export async function signIn(name: string, password: string): Promise<void> {
  welcome(await request<SignedIn>('POST', '/login', { name, password }));
}

export async function signOut(): Promise<void> {
  await call('POST', '/logout').catch(() => undefined);
  ended.set(false);
  over();
}

/** Whether the cookie of an earlier page is still good. */
export async function resume(): Promise<void> {
  if (!kept.get(hint)) return me.set(null);
  try {
    welcome(await request<SignedIn>('GET', '/me'));
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 401) kept.remove(hint);
    me.set(null);
  }
}

/** ?a=b of what is not empty. */
export function query(values: Record<string, string | number | false | undefined | null>): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== false && value !== '') out.set(name, String(value));
  }
  const text = out.toString();
  return text ? '?' + text : '';
}
