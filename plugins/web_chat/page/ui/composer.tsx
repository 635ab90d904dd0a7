import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chat } from '../state/chat';
import type { Conversation } from '../state/conversation';
import { isPicture } from '../state/pictures';
import { t } from '../texts';
import { mostTextBytes, textBytes } from '../wire/codec';
import { ClipIcon, PictureIcon, SendIcon } from './icons';

/** What was dropped, pasted or chosen: pictures go as pictures, the rest as files. */
export async function give(chat: Chat, of: Conversation, files: Iterable<File>, complain: (text: string) => void, asFiles = false): Promise<void> {
  for (const each of files) {
    if (isPicture(each) && !asFiles) {
      if (!(await chat.sender.picture(of.key, each))) complain(t('noPicture', { name: each.name }));
    } else if (of.group) {
      complain(t('filesToOne'));
    } else {
      chat.files.send(of.id, each);
    }
  }
}

export function Composer({ chat, of, complain, sent }: { chat: Chat; of: Conversation; complain(text: string): void; sent(): void }) {
  const [text, setText] = useState(of.draft);
  const field = useRef<HTMLTextAreaElement>(null);
  const pictures = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const over = textBytes(text) - mostTextBytes;

  // A phone's keyboard comes when it is wanted, not with every chat.
  useLayoutEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus();
    return () => chat.stoppedTyping(of.key);
  }, [of.key]);
  useLayoutEffect(() => {
    const area = field.current!;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 160)}px`;
  }, [text]);

  const change = (next: string) => {
    setText(next);
    of.draft = next;
    if (next === '') chat.stoppedTyping(of.key);
    else chat.typing(of.key);
  };
  const send = () => {
    const said = text.trim();
    if (said === '' || over > 0) return;
    chat.sender.say(of.key, said);
    change('');
    field.current?.focus();
    sent();
  };
  const pressed = (event: KeyboardEvent) => {
    // While an input method composes, Enter is its own.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const pasted = (event: ClipboardEvent) => {
    const given = [...(event.clipboardData?.files ?? [])];
    if (given.length === 0) return;
    event.preventDefault();
    void give(chat, of, given, complain).then(sent);
  };
  const chosen = (event: Event, asFiles: boolean) => {
    const input = event.currentTarget as HTMLInputElement;
    const given = [...(input.files ?? [])];
    input.value = '';
    void give(chat, of, given, complain, asFiles).then(sent);
  };

  return (
    <form class="composer" onSubmit={(event) => (event.preventDefault(), send())}>
      <input ref={pictures} type="file" accept="image/png,image/jpeg,image/gif,image/webp" multiple hidden onChange={(event) => chosen(event, false)} data-for="pictures" />
      <input ref={files} type="file" multiple hidden onChange={(event) => chosen(event, true)} data-for="files" />
      <button type="button" class="round" onClick={() => pictures.current?.click()} title={t('attachPicture')} aria-label={t('attachPicture')}><PictureIcon /></button>
      {!of.group && <button type="button" class="round" onClick={() => files.current?.click()} title={t('attachFile')} aria-label={t('attachFile')}><ClipIcon /></button>}
      <div class="writing">
        <textarea ref={field} rows={1} value={text} placeholder={t('write')} aria-label={t('writeTo', { name: chat.people.name(of) })}
          onInput={(event) => change(event.currentTarget.value)} onKeyDown={pressed} onPaste={pasted} onBlur={() => chat.stoppedTyping(of.key)} />
        {over > 0 && <span class="over" role="alert">{t('tooLong', { n: over })}</span>}
      </div>
      <button type="submit" class="round send" disabled={text.trim() === '' || over > 0} title={t('send')} aria-label={t('send')}><SendIcon /></button>
    </form>
  );
}
