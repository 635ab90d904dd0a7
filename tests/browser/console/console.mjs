// What the tests of the console share: admins, signing in, and people who talk meanwhile.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from '../node.mjs';
import { eventually } from '../world.mjs';

/** The browser says so of each call that is refused. */
export const refusals = /status of 4\d\d/;

export const passwordOf = (name) => `${name}-admin-secret`;

/** Made as an operator of a new node makes the first one. */
export async function addAdmin(node, name, role = 'admin') {
  await node.ctl('admins', 'add', name, '--role', role, '--password', passwordOf(name));
}

export async function fillIn(page, name, password) {
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
}

/** The console, `name` signed in, at a page of it. */
export async function signedIn({ open }, name, at = '', how = {}) {
  const page = await open(`/admin/#/${at}`, how);
  await fillIn(page, name, passwordOf(name));
  await page.locator('.shell main h1').waitFor();
  return page;
}

export const goTo = (page, at) => page.evaluate((hash) => { location.hash = hash; }, `#/${at}`);

/** parley-chat with lines written to it, as somebody types them. */
export class Talker {
  #process;
  said = '';

  constructor(node, name) {
    this.#process = spawn(join(build, 'bin/parley-chat'),
                          ['--server', `127.0.0.1:${node.ports.pdu}`, '--user', name, '--password', `${name}-secret`]);
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream.on('data', (part) => { this.said += part; });
    this.#process.stdin.on('error', () => {});
    this.ended = new Promise((then) => this.#process.on('exit', (code) => then(code)));
  }
  type(line) {
    this.#process.stdin.write(line + '\n');
  }
  hears(text) {
    return eventually(() => (text instanceof RegExp ? text.test(this.said) : this.said.includes(text)), `"${text}" in ${this.said.slice(-400)}`);
  }
  async leave() {
    this.#process.stdin.end();
    return this.ended;
  }
}

/** Someone who is logged in, which the node knows before this returns. */
export async function comes(node, name) {
  const { id } = (await node.ctl('users', 'list')).find((each) => each.name === name);
  const talker = new Talker(node, name);
  await eventually(async () => (await node.ctl('sessions')).some((each) => each.user === id && each.state === 'open'), `${name} online`);
  return talker;
}
