// Where the page connects to. The plugin says it; a page that cannot ask goes to where it came from.

export interface Settings {
  websocket: string;
  media: string;
}

export function socketAddress(websocket: string): string {
  if (!websocket.startsWith('/')) return websocket;
  return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${websocket}`;
}

export async function askSettings(): Promise<Settings> {
  const usual = { websocket: '/ws', media: '' };
  try {
    const answer = await fetch('/web_chat/settings.json', { credentials: 'omit' });
    const told = (await answer.json()) as Partial<Settings>;
    return { websocket: typeof told.websocket === 'string' ? told.websocket : usual.websocket, media: typeof told.media === 'string' ? told.media : '' };
  } catch {
    return usual;
  }
}
