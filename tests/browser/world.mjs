// What a test has: a node of its own and pages of a browser. When it is over the node has to end well, and no page may have
// thrown, or tried what its policy forbids.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after } from 'node:test';
import { Node } from './node.mjs';

const own = process.env.PARLEY_BROWSER_TESTS;
const { chromium } = createRequire(join(own, 'package.json'))('playwright-core');
const screenshots = join(own, 'screenshots');

let browser;
after(() => browser?.close());

async function launched() {
  browser ??= await chromium.launch({
    executablePath: process.env.PARLEY_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--font-render-hinting=none'],
  });
  return browser;
}

class World {
  #pages = [];
  troubles = [];

  constructor(environment, tls) {
    this.node = new Node(environment, tls);
  }

  /**
   * A page in a profile of its own, as another person's browser. `how`: language ('en', 'zh'), dark, phone, and what
   * playwright's newContext() takes. Errors that the test means to see are matched by `expected`.
   */
  async open(path = '/', { language = 'en', dark = false, phone = false, expected = /(?!)/, ...how } = {}) {
    const context = await (await launched()).newContext({
      locale: language === 'zh' ? 'zh-CN' : 'en-US', colorScheme: dark ? 'dark' : 'light', timezoneId: 'UTC',
      viewport: phone ? { width: 390, height: 780 } : { width: 1180, height: 760 }, hasTouch: phone, isMobile: phone,
      ignoreHTTPSErrors: true, ...how,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const trouble = (text) => expected.test(text) || this.troubles.push(text);
    page.on('pageerror', (error) => trouble(`${page.url()} threw: ${error.stack ?? error}`));
    page.on('console', (line) => {
      // A server that is away is the browser's to complain of; how the page takes it is what tests look at.
      if (line.type() === 'error' && !/ERR_CONNECTION|WebSocket connection to/.test(line.text())) trouble(`${page.url()} says: ${line.text()}`);
    });
    page.on('dialog', (dialog) => {
      trouble(`${page.url()} opened a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    this.#pages.push(page);
    await page.goto(new URL(path, this.node.url).href);
    return page;
  }

  /** Written to the build tree, for people to look at. */
  async shoot(page, name) {
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  async run(body) {
    try {
      await this.node.start();
      await body(this);
      const end = await this.node.stop();
      if (end.code !== 0) throw new Error(`the node ended with ${JSON.stringify(end)}`);
      if (this.troubles.length > 0) throw new Error(this.troubles.join('\n'));
    } catch (error) {
      console.error(`---- the node's log ends with\n${this.node.log().slice(-3000)}`);
      for (const each of this.troubles) console.error(`---- ${each}`);
      for (const [i, page] of this.#pages.entries()) await this.shoot(page, `failed-${i}`).catch(() => {});
      throw error;
    } finally {
      for (const page of this.#pages) await page.context().close().catch(() => {});
      this.node.remove();
    }
  }
}

/** test('what it does', world(async ({ node, open, shoot }) => { ... })); the environment is the manifest's. */
export function world(body, environment = {}, { tls = false } = {}) {
  return async () => {
    const it = new World(environment, tls);
    await it.run((self) => body({
      node: self.node, open: (...how) => self.open(...how), shoot: (...how) => self.shoot(...how), troubles: self.troubles,
    }));
  };
}

/** Until it is so. */
export async function eventually(condition, what = 'it', time = 15_000) {
  for (const until = Date.now() + time; ; await new Promise((then) => setTimeout(then, 30))) {
    if (await condition()) return;
    if (Date.now() > until) throw new Error(`${what} does not come about`);
  }
}
