// Dialogs of the browser's own: it keeps the focus inside and Escape closes them.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { ApiError } from '../lib/api';
import { t } from '../lib/i18n';
import { makeStore, useStore } from '../lib/store';
import { Icon } from './icons';
import { Banner } from './notice';

export function Dialog({ title, wide, onClose, children }: { title: string; wide?: boolean; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    box.current?.querySelector<HTMLElement>('[data-first], form input')?.focus();
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, []);
  return (
    <dialog
      ref={box}
      class={wide ? 'wide' : undefined}
      aria-label={title}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onMouseDown={(e) => e.target === box.current && onClose()}
    >
      <div class="dialog">
        <header>
          <h2>{title}</h2>
          <button type="button" class="quiet square" aria-label={t('do.close')} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

interface Question {
  title: string;
  text: string;
  action: string;
  act: () => Promise<unknown>;
}

const asked = makeStore<Question | null>(null);

/** Asks before it acts; what the server says to it is shown in the question. */
export const ask = (question: Question): void => asked.set(question);

export function Questions() {
  const question = useStore(asked);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const close = (): void => {
    setProblem('');
    asked.set(null);
  };
  if (!question) return null;
  const act = async (): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      await question.act();
      close();
    } catch (failure) {
      setProblem(failure instanceof ApiError ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return (
    <Dialog title={question.title} onClose={close}>
      <p>{question.text}</p>
      {problem && <Banner>{problem}</Banner>}
      <footer>
        <button type="button" onClick={close} data-first>
          {t('do.cancel')}
        </button>
        <button type="button" class="danger" disabled={busy} onClick={act}>
          {question.action}
        </button>
      </footer>
    </Dialog>
  );
}
