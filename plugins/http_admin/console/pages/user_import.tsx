// A CSV file of users: what was added, and why not the rest.
import { useState } from 'preact/hooks';

import { ApiError, call, query } from '../lib/api';
import { refresh } from '../lib/data';
import { bytes, count } from '../lib/format';
import { t } from '../lib/i18n';
import { Banner } from '../ui/notice';
import { Head } from '../ui/page';

interface Outcome {
  imported: number;
  /** whose names are taken */
  skipped: number;
}

export function UserImport() {
  const [file, setFile] = useState<File | null>(null);
  const [skip, setSkip] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const send = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (!file || busy) return;
    setBusy(true);
    setProblem('');
    setOutcome(null);
    try {
      setOutcome(await call<Outcome>('POST', '/users/import' + query({ 'skip-existing': skip && 'yes' }), await file.text(), { type: 'text/csv' }));
      refresh();
    } catch (failure) {
      setProblem(failure instanceof ApiError ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return (
    <>
      <Head title={t('import.title')} back={{ href: '#/users', label: t('nav.users') }} />
      <section class="card narrow">
        <p class="soft">{t('import.how')}</p>
        <pre>name,password,nick,department,email,phone</pre>
        {problem && <Banner>{problem}</Banner>}
        <form class="form" onSubmit={send}>
          <div class="entry">
            <label for="file">{t('import.file')}</label>
            <input id="file" type="file" accept=".csv,text/csv" required onChange={(e) => setFile(e.currentTarget.files?.[0] ?? null)} />
            {file && <small>{bytes(file.size)}</small>}
          </div>
          <label class="check">
            <input type="checkbox" checked={skip} onChange={(e) => setSkip(e.currentTarget.checked)} />
            {t('import.skip')}
          </label>
          <footer>
            <button type="submit" class="main" disabled={!file || busy}>
              {t(busy ? 'import.busy' : 'import.start')}
            </button>
          </footer>
        </form>
        {outcome && (
          <>
            <Banner kind="good">{t('import.added', { n: count(outcome.imported) })}</Banner>
            {outcome.skipped > 0 && <p class="soft">{t('import.skipped', { n: count(outcome.skipped) })}</p>}
          </>
        )}
      </section>
    </>
  );
}
