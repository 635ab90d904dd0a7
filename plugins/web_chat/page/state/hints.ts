// What one client tells another (0x0601): not stored, and nobody's loss. TeamTalk's clients know services 1 (shake) and 2
// (typing), and pass over what they do not know; 4 is ours. Fact: plugins/web_chat/README.md.

export type Hint = { typing: boolean } | { read: number };

/** How long "writing" holds, and how often it is said again. */
export const typingMs = 6000;
export const typingEveryMs = 3000;

const typingService = 2;
const writing = 131073;
const stopped = 131074;
const readService = 4;
const readUpTo = 262145;

export function hint(what: Hint): string {
  return JSON.stringify('typing' in what
    ? { service_id: typingService, cmd_id: what.typing ? writing : stopped, content: what.typing ? 'writing' : 'stop writing' }
    : { service_id: readService, cmd_id: readUpTo, content: String(what.read) });
}

export function hintOf(text: string): Hint | null {
  try {
    const told = JSON.parse(text) as { service_id?: unknown; cmd_id?: unknown; content?: unknown } | null;
    if (told?.service_id === typingService) return { typing: told.cmd_id === writing };
    const upTo = Number(told?.content);
    if (told?.service_id === readService && told.cmd_id === readUpTo && Number.isSafeInteger(upTo) && upTo > 0) return { read: upTo };
  } catch {
    // Not one of ours.
  }
  return null;
}
