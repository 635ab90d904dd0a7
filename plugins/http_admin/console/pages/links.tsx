// The links that clients show.
import { useState } from 'preact/hooks';

import { call, may } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { t } from '../lib/i18n';
import type { Link } from '../lib/types';
import { ask, Dialog } from '../ui/dialog';
import { Form, type Values } from '../ui/form';
import { say, Trouble } from '../ui/notice';
import { Head } from '../ui/page';
import { Table } from '../ui/table';

function Edit({ link, close }: { link: Link | null; close: () => void }) {
  const save = async (v: Values): Promise<void> => {
    const body = { name: v.name, url: v.url, priority: Number(v.priority || 0) };
    if (link) await call('PATCH', `/links/${link.id}`, body);
    else await call('POST', '/links', body);
    say(t('say.saved'));
    refresh();
    close();
  };
  return (
    <Dialog title={t(link ? 'link.edit' : 'link.add')} onClose={close}>
      <Form
        fields={[
          { name: 'name', label: t('link.name'), required: true, max: 64 },
          { name: 'url', label: t('link.url'), required: true, max: 64, hint: t('link.url_hint') },
          { name: 'priority', label: t('list.priority'), type: 'number', hint: t('list.priority_hint') },
        ]}
        start={{ name: link?.name ?? '', url: link?.url ?? '', priority: String(link?.priority ?? 0) }}
        action={t(link ? 'do.save' : 'do.add')}
        onSubmit={save}
        onCancel={close}
      />
    </Dialog>
  );
}

/** Only what a browser opens as a page becomes a link. */
function Address({ url }: { url: string }) {
  return /^https?:\/\//i.test(url) ? (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {url}
    </a>
  ) : (
    <>{url}</>
  );
}

export function Links() {
  const { data, error } = useData<Link[]>('/links');
  const [open, setOpen] = useState<Link | 'new' | null>(null);
  const remove = (link: Link): void =>
    ask({ title: t('link.remove'), text: t('link.remove_ask', { name: link.name }), action: t('do.remove'), act: () => call('DELETE', `/links/${link.id}`).then(refresh) });
  const tools = (link: Link) => (
    <span class="row-tools">
      <button type="button" class="quiet" onClick={() => setOpen(link)}>
        {t('do.edit')}
      </button>
      <button type="button" class="quiet danger" onClick={() => remove(link)}>
        {t('do.remove')}
      </button>
    </span>
  );
  return (
    <>
      <Head title={t('nav.links')}>
        {may('operator') && (
          <button type="button" class="main" data-key="n" onClick={() => setOpen('new')}>
            {t('link.add')}
          </button>
        )}
      </Head>
      <p class="soft">{t('link.what')}</p>
      <Trouble error={error} />
      <Table
        label={t('nav.links')}
        rows={data}
        id={(link) => link.id}
        columns={[
          { label: t('link.name'), main: true, show: (link) => link.name },
          { label: t('link.url'), wrap: true, show: (link) => <Address url={link.url} /> },
          { label: t('list.priority'), number: true, show: (link) => link.priority },
          ...(may('operator') ? [{ label: t('list.actions'), number: true, show: tools }] : []),
        ]}
      />
      {open && <Edit link={open === 'new' ? null : open} close={() => setOpen(null)} />}
    </>
  );
}
