// The keys there are, behind ?.
import { may } from '../lib/api';
import { type Key, t } from '../lib/i18n';
import { helpShown } from '../lib/keys';
import { places } from '../lib/places';
import { useStore } from '../lib/store';
import { Dialog } from './dialog';

const general: [string, Key][] = [
  ['?', 'keys.help'],
  ['/', 'keys.search'],
  ['n', 'keys.add'],
  ['j  k', 'keys.rows'],
  ['Enter', 'keys.open'],
  ['[  ]', 'keys.pages'],
  ['r', 'keys.refresh'],
  ['p', 'keys.pause'],
  ['t', 'keys.theme'],
  ['y', 'keys.language'],
  ['Esc', 'keys.close'],
];

function Keys({ text }: { text: string }) {
  return (
    <span>
      {text.split(/\s+/).map((each) => (
        <kbd key={each}>{each}</kbd>
      ))}
    </span>
  );
}

export function Help() {
  if (!useStore(helpShown)) return null;
  return (
    <Dialog title={t('keys.title')} wide onClose={() => helpShown.set(false)}>
      <div class="keys">
        <dl>
          {general.map(([key, says]) => (
            <div key={key}>
              <dt>
                <Keys text={key} />
              </dt>
              <dd>{t(says)}</dd>
            </div>
          ))}
        </dl>
        <dl>
          {places
            .flatMap((group) => group.items)
            .filter((each) => may(each.role))
            .map((each) => (
              <div key={each.key}>
                <dt>
                  <Keys text={'g ' + each.key} />
                </dt>
                <dd>{t(each.title)}</dd>
              </div>
            ))}
        </dl>
      </div>
    </Dialog>
  );
}
