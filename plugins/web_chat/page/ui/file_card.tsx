import { sizeName, timeOfDay } from 'parley/clock';
import type { Chat } from '../state/chat';
import type { SharedFile } from '../state/files';
import { t } from '../texts';
import { FileIcon } from './icons';

function stateOf(chat: Chat, file: SharedFile): string {
  const share = file.size > 0 ? Math.floor((file.bytes / file.size) * 100) : 100;
  switch (file.state) {
    case 'asking': return t('fileAsking');
    case 'moving': return t(file.mine ? 'fileMovingUp' : 'fileMovingDown', { n: share });
    case 'sent': return t('fileSent', { name: chat.people.personName(file.peer) });
    case 'offered': return t('fileOffered');
    case 'here': return t('fileHere');
    case 'ended':
      if (file.why === 'refused') return file.text ? t('fileRefused', { text: file.text }) : t('notSent');
      return t(file.why === 'unknown' ? 'fileUnknown' : file.why === 'lost' ? 'fileLost' : file.why === 'unreadable' ? 'fileUnreadable' : 'fileEnded');
  }
}

export function FileCard({ chat, file }: { chat: Chat; file: SharedFile }) {
  const again = file.state === 'ended' && !file.mine && (file.why === 'lost' || file.why === 'ended');
  return (
    <div class={`bubble file${file.mine ? ' own' : ''}`} data-file={file.number}>
      <FileIcon />
      <span class="file-text">
        <b class="file-name">{file.name}</b>
        <span class="quiet">{sizeName(file.size)} · {stateOf(chat, file)}</span>
        {file.state === 'moving' && <progress max={Math.max(1, file.size)} value={file.bytes} aria-label={file.name} />}
        <span class="file-actions">
          {(file.state === 'offered' || again) && <button onClick={() => chat.files.fetch(file)}>{t('download')}</button>}
          {file.state === 'here' && <button onClick={() => chat.files.fetch(file)}>{t('save')}</button>}
          {file.state === 'offered' && <button onClick={() => chat.files.stop(file)}>{t('refuse')}</button>}
          {(file.state === 'moving' || file.state === 'asking') && <button onClick={() => chat.files.stop(file)}>{t('stop')}</button>}
          {file.state === 'sent' && <button onClick={() => chat.files.stop(file)}>{t('takeBack')}</button>}
        </span>
      </span>
      <span class="stamp"><time>{timeOfDay(file.time)}</time></span>
    </div>
  );
}
