import { useReducer } from 'preact/hooks';
import { language, languages, setLanguage, type Language } from 'parley/i18n';
import { setTheme, theme, type Theme } from 'parley/theme';
import { canNotify, notifies, notifyDenied, setNotify } from '../notify';
import { t } from '../texts';
import { Dialog } from './dialog';

export function SettingsDialog({ close, signOut }: { close(): void; signOut(): void }) {
  const [, again] = useReducer((n: number) => n + 1, 0);
  const redraw = () => again(undefined as never);
  return (
    <Dialog title={t('settings')} close={close}>
      <label class="setting"><span>{t('language')}</span>
        <select class="field" value={language()} onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
          {(Object.keys(languages) as Language[]).map((each) => <option value={each}>{languages[each]}</option>)}
        </select>
      </label>
      <label class="setting"><span>{t('look')}</span>
        <select class="field" value={theme()} onChange={(event) => (setTheme(event.currentTarget.value as Theme), redraw())}>
          <option value="auto">{t('lookAuto')}</option>
          <option value="light">{t('lookLight')}</option>
          <option value="dark">{t('lookDark')}</option>
        </select>
      </label>
      {canNotify() && (
        <label class="setting"><span>{t('notifications')}<small class="quiet">{notifyDenied() ? t('notifyDenied') : t('notifyOn')}</small></span>
          <input type="checkbox" checked={notifies()} disabled={notifyDenied()} onChange={(event) => void setNotify(event.currentTarget.checked).then(redraw)} />
        </label>
      )}
      <button class="button danger" onClick={signOut}>{t('signOut')}</button>
    </Dialog>
  );
}
