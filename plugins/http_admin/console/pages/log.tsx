// The node's log as it is written.
import { useEffect, useRef, useState } from 'preact/hooks';

import { ApiError, get, query as ask } from '../lib/api';
import { clock, exact } from '../lib/format';
import { t } from '../lib/i18n';
import { refine } from '../lib/router';
import type { LogLine } from '../lib/types';
import { Trouble } from '../ui/notice';
import { Head } from '../ui/page';
import { Search } from '../ui/search';
import type { PageProps } from './index';

const levels = ['debug', 'info', 'warn', 'error'] as const;
const most = 2000;

interface Answer {
  next: number;
  lines: LogLine[];
}

function useLog(level: string, paused: boolean): { lines: LogLine[]; error: ApiError | undefined } {
  const [lines, setLines] = useState<LogLine[]>([]);
  const [error, setError] = useState<ApiError>();
  const after = useRef(0);
  useEffect(() => {
    after.current = 0;
    setLines([]);
  }, [level]);
  useEffect(() => {
    if (paused) return;
    const gone = new AbortController();
    let timer = 0;
    const more = async (): Promise<void> => {
      try {
        if (!document.hidden) {
          const answer = await get<Answer>('/log' + ask({ after: after.current, level, limit: after.current ? 1000 : 300 }), { signal: gone.signal });
          // A node that began anew counts anew.
          if (answer.next < after.current) after.current = 0;
          else after.current = answer.next;
          if (answer.lines.length) setLines((now) => [...now, ...answer.lines].slice(-most));
          setError(undefined);
        }
      } catch (problem) {
        if (gone.signal.aborted) return;
        setError(problem instanceof ApiError ? problem : new ApiError(0, 'page', String(problem)));
      }
      timer = window.setTimeout(more, 1000);
    };
    void more();
    return () => (gone.abort(), clearTimeout(timer));
  }, [level, paused]);
  return { lines, error };
}

const who = (line: LogLine): string => (line.plugin ? `${line.plugin}${line.generation > 1 ? ' ' + line.generation : ''}` : line.module);

export function Log({ query }: PageProps) {
  const level = levels.find((each) => each === query.get('level')) ?? 'info';
  const search = (query.get('search') ?? '').toLowerCase();
  const [paused, setPaused] = useState(false);
  const { lines, error } = useLog(level, paused);
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const shown = search ? lines.filter((line) => `${who(line)} ${line.text} ${line.session || ''}`.toLowerCase().includes(search)) : lines;
  useEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [shown]);
  const scrolled = (): void => {
    const it = box.current!;
    follows.current = it.scrollHeight - it.scrollTop - it.clientHeight < 40;
  };
  return (
    <>
      <Head title={t('nav.log')}>
        <Search label={t('log.search')} value={query.get('search') ?? ''} find={(text) => refine({ search: text })} />
        <select aria-label={t('log.level')} value={level} onChange={(e) => refine({ level: e.currentTarget.value })}>
          {levels.map((each) => (
            <option key={each} value={each} selected={each === level}>
              {t(`log.${each}`)}
            </option>
          ))}
        </select>
        <button type="button" data-key="p" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {t(paused ? 'log.go_on' : 'log.pause')}
        </button>
      </Head>
      <Trouble error={error} />
      <div class="log" ref={box} onScroll={scrolled} tabIndex={0} role="log" aria-label={t('nav.log')}>
        {shown.length === 0 && <p class="empty">{t('log.none')}</p>}
        {shown.map((line) => (
          <div key={line.n} class={'line ' + line.level}>
            <time title={exact(line.at / 1000)}>{clock(line.at)}</time>
            <b>{line.level}</b>
            <i>{who(line)}</i>
            <span>
              {line.text}
              {line.session ? <small> {t('log.session', { n: line.session })}</small> : null}
            </span>
          </div>
        ))}
      </div>
    </>
  );
}
