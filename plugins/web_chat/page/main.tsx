import './style.css';
import { render } from 'preact';
import { applyTheme } from 'parley/theme';
import { forget, remembered } from './remembered';
import { notify } from './notify';
import { askSettings, socketAddress } from './settings';
import { Chat } from './state/chat';
import { keyOf } from './state/conversation';
import { t } from './texts';
import { App } from './ui/app';
import { lineOf } from './ui/sidebar';

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function begin(): Promise<void> {
  applyTheme();
  const settings = await askSettings();
  const chat: Chat = new Chat(socketAddress(settings.websocket), settings.media, {
    arrived: (of, from, message) =>
      notify(of.key, of.group ? `${from} · ${chat.people.name(of)}` : from, lineOf(message.text, message.voice !== null), () => (location.hash = of.key)),
    fileArrived: (file) =>
      notify(`file-${file.task}`, chat.people.personName(file.peer), t('fileNews', { name: file.name }), () => (location.hash = keyOf(false, file.peer))),
    save,
  });
  // A password that is not good any more is not tried again with every reload.
  chat.subscribe(() => chat.ended && chat.ended.why !== 'unreachable' && chat.ended.why !== 'busy' && chat.ended.why !== 'database' && forget());
  const who = remembered();
  if (who) chat.signIn(who);
  render(<App chat={chat} />, document.getElementById('page')!);
}

void begin();
