// Who may come in, how one is told when not, and coming back after a session has ended.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { addAdmin, fillIn, goTo, passwordOf, refusals, signedIn } from './console.mjs';

test('the page is served with what keeps it safe, and nothing else is', world(async ({ node }) => {
  const ask = (path, how) => fetch(new URL(path, node.url), { redirect: 'manual', ...how });
  const short = await ask('/admin');
  assert.equal(short.status, 308);
  assert.equal(short.headers.get('location'), '/admin/');
  const index = await ask('/admin/');
  assert.equal(index.status, 200);
  assert.match(index.headers.get('content-security-policy'), /default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.doesNotMatch(index.headers.get('content-security-policy'), /unsafe|\*/);
  const html = await index.text();
  assert.doesNotMatch(html, /<script(?![^>]*src=)|style=|\son[a-z]+=|https?:/);
  const files = [...html.matchAll(/(?:src|href)="(\/admin\/[^"]+)"/g)].map((found) => found[1]);
  assert.equal(files.length, 3);
  let size = 0;
  for (const file of files) {
    const got = await ask(file, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(got.status, 200);
    size += Number(got.headers.get('content-length'));
  }
  console.log(`the console takes ${(size / 1024).toFixed(1)} KiB, compressed`);
  assert.ok(size < 150 * 1024);
  assert.equal((await ask('/admin/nothing.js')).status, 404);
  assert.equal((await ask('/admin/', { method: 'POST' })).status, 405);
}));

test('an admin that parleyctl made signs in, and out', world(async (it) => {
  await addAdmin(it.node, 'root');
  const page = await signedIn(it, 'root');
  await page.getByRole('link', { name: 'Audit log' }).waitFor();
  // The cookie outlives the page, and no script can read it.
  await page.reload();
  await page.getByRole('link', { name: 'Audit log' }).waitFor();
  assert.equal(await page.evaluate(() => document.cookie), '');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
}));

test('a wrong password is told, and too many of them lock', world(async ({ node, open, shoot }) => {
  await addAdmin(node, 'root');
  const page = await open('/admin/', { expected: refusals });
  const alert = page.getByRole('alert');
  await fillIn(page, 'root', 'not the password');
  await alert.getByText('the name or the password is wrong').waitFor();
  await eventually(async () => {
    await page.locator('input[name=password]').press('Enter');
    return (await alert.textContent().catch(() => '')).includes('too many failures');
  }, 'the lock');
  // Not even with the right one, until somebody unlocks it.
  await fillIn(page, 'root', passwordOf('root'));
  await alert.getByText('too many failures').waitFor();
  await shoot(page, 'console-locked');
  await node.ctl('admins', 'unlock', 'root');
  await fillIn(page, 'root', passwordOf('root'));
  await page.getByRole('heading', { name: /Node / }).waitFor();
}));

test('a session that ends leads to the sign-in, and back to where one was', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'root');
  const page = await signedIn(it, 'root', 'pools', { expected: refusals });
  await page.getByRole('heading', { name: 'Pools' }).waitFor();
  await node.ctl('admins', 'passwd', 'root', '--password', 'another-admin-secret');
  await page.getByText('Your session has ended').waitFor();
  await fillIn(page, 'root', 'another-admin-secret');
  await page.getByRole('heading', { name: 'Pools' }).waitFor();
}));

test('an admin changes the own password', world(async (it) => {
  await addAdmin(it.node, 'root');
  const page = await signedIn(it, 'root', 'account', { expected: refusals });
  const fill = async (old, fresh, again) => {
    for (const [name, text] of [['old', old], ['new', fresh], ['again', again]]) await page.locator(`input[name=${name}]`).fill(text);
    await page.getByRole('button', { name: 'Save' }).click();
  };
  await fill(passwordOf('root'), 'something-quite-new', 'something-else');
  await page.getByText('This is not the same.').waitFor();
  await fill('not the old one', 'something-quite-new', 'something-quite-new');
  await page.locator('form [role=alert], form .entry.bad').first().waitFor();
  await fill(passwordOf('root'), 'something-quite-new', 'something-quite-new');
  await page.getByText('Your password was changed.').waitFor();
  // This sign-in goes on.
  await goTo(page, 'users');
  await page.getByRole('heading', { name: 'Users' }).waitFor();
}));

test('the node goes away and comes back under the page', world(async (it) => {
  await addAdmin(it.node, 'root');
  const page = await signedIn(it, 'root', 'node', { expected: /status of (401|503)/ });
  await it.node.kill9();
  await page.getByText('The node does not answer.').first().waitFor();
  await it.node.start();
  await page.getByText('The node does not answer.').first().waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Node' }).waitFor();
}));

test('how fast it is there', world(async (it) => {
  await addAdmin(it.node, 'root');
  const page = await signedIn(it, 'root');
  const paints = [];
  for (let i = 0; i < 5; ++i) {
    await page.reload();
    await page.locator('[data-stat=acks]').waitFor();
    paints.push(await page.evaluate(async () => ({
      first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      numbers: performance.now(),
    })));
  }
  const shown = paints.map(({ first, numbers }) => `${first?.toFixed(0)} ms (numbers at ${numbers.toFixed(0)} ms)`);
  console.log(`first contentful paint of five loads: ${shown.join(', ')}`);
  assert.ok(paints.every(({ first }) => first > 0));
}));
