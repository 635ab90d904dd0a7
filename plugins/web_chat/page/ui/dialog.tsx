import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../texts';
import { CloseIcon } from './icons';

/** The browser's own dialog: it keeps the focus, and Escape closes it. */
export function Dialog({ title, close, children, className = '' }: { title: string; close(): void; children: ComponentChildren; className?: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const self = dialog.current!;
    self.showModal();
    return () => self.close();
  }, []);
  return (
    <dialog ref={dialog} class={className} aria-label={title} onClose={close} onClick={(event) => event.target === dialog.current && close()}>
      <div class="dialog-inside">
        <header><h2>{title}</h2><button class="round" onClick={close} aria-label={t('close')}><CloseIcon /></button></header>
        {children}
      </div>
    </dialog>
  );
}

export function Lightbox({ url, close }: { url: string; close(): void }) {
  return (
    <Dialog title={t('picture')} close={close} className="lightbox">
      <a href={url} target="_blank" rel="noopener noreferrer"><img src={url} alt={t('picture')} /></a>
    </Dialog>
  );
}
