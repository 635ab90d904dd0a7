// The dashboard, plugins that are replaced under one's eyes, the log, the audit log.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { addAdmin, comes, goTo, refusals, signedIn } from './console.mjs';

const shown = async (page, name) => Number((await page.locator(`[data-stat=${name}]`).textContent()).replace(/\D/g, ''));

test('the dashboard shows what happens', world(async (it) => {
  const { node, shoot } = it;
  await addAdmin(node, 'root', 'viewer');
  for (const name of ['ada', 'bob']) await node.addUser(name);
  const page = await signedIn(it, 'root');
  await page.locator('[data-stat=acks]').waitFor();
  const before = await shown(page, 'acks');
  assert.equal(await shown(page, 'logged_in'), 0);
  const ada = await comes(node, 'ada');
  await eventually(async () => (await shown(page, 'logged_in')) === 1, 'one is logged in');
  ada.type('/to bob');
  for (let i = 0; i < 200; ++i) ada.type(`message ${i}`);
  await eventually(async () => (await shown(page, 'acks')) === before + 200, 'two hundred acks');
  await page.waitForTimeout(2500);  // for the picture: a curve has a few points
  await shoot(page, 'console-dashboard');
  assert.equal(await ada.leave(), 0);
  await eventually(async () => (await shown(page, 'logged_in')) === 0, 'nobody is logged in');
}));

test('a plugin is reloaded, and each step is shown', world(async (it) => {
  const { node, shoot } = it;
  await addAdmin(node, 'root');
  const page = await signedIn(it, 'root', 'plugins/echo');
  await page.getByRole('heading', { name: 'Generation 1' }).waitFor();
  await page.getByRole('button', { name: 'Reload' }).click();
  const life = page.locator('.life');
  await life.getByText(/generation 1 → 2 in/).waitFor();
  await life.getByText(/s left in which one can roll back/).waitFor();
  await page.getByRole('heading', { name: 'Generation 2' }).waitFor();
  await life.getByText('Generation 1 · suspended').waitFor();
  await shoot(page, 'console-reload');
  await page.getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('heading', { name: /Generation 1.*serves/ }).waitFor();
  assert.equal((await node.ctl('plugins')).find((each) => each.name === 'echo' && each.state === 'active').generation, 1);
}));

test('the old generation is seen to retire', world(async (it) => {
  await addAdmin(it.node, 'root');
  const page = await signedIn(it, 'root', 'plugins/echo');
  await page.getByRole('button', { name: 'Reload' }).click();
  const life = page.locator('.life');
  await life.getByText('over; this generation stays').waitFor({ timeout: 30_000 });
  await life.getByText('retired, its memory is free').waitFor({ timeout: 30_000 });
  assert.equal(await life.locator('[data-step=done]').count(), 7);
}));

test('the console is reloaded by its own button and goes on', world(async (it) => {
  await addAdmin(it.node, 'root');
  const page = await signedIn(it, 'root', 'plugins/http_admin');
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.locator('.life').getByText(/generation 1 → 2 in/).waitFor();
  await goTo(page, 'users');
  await page.getByRole('heading', { name: 'Users' }).waitFor();
  await page.locator('.empty, tbody tr').first().waitFor();
}));

test('a plugin is taken out and loaded again; what does not load is told', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'root');
  const page = await signedIn(it, 'root', 'plugins/echo', { expected: /status of (4\d\d|503)/ });
  await page.getByRole('button', { name: 'Unload' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unload' }).click();
  await eventually(async () => !(await node.ctl('plugins')).some((each) => each.name === 'echo' && each.state === 'active'), 'echo is gone');
  await page.getByRole('button', { name: 'Load a plugin' }).click();
  await page.getByRole('heading', { name: /Generation \d+.*serves/ }).waitFor();
  await goTo(page, 'plugins');
  await page.getByRole('button', { name: 'Load a plugin' }).click();
  await page.getByRole('textbox', { name: 'Plugin' }).fill('no_such_plugin');
  await page.getByRole('dialog').getByRole('button', { name: 'Load a plugin' }).click();
  await page.locator('.life [data-step=bad]').getByText(/no_such_plugin/).waitFor();
}));

test('the log is seen as it is written, by level, and stands still when paused', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'root');
  const page = await signedIn(it, 'root', 'log');
  await page.locator('.log .line').first().waitFor();
  await node.ctl('reload', 'echo');
  await page.locator('.log').getByText(/echo.*2/).first().waitFor();
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  const count = await page.locator('.log .line').count();
  await node.ctl('reload', 'route');
  await page.waitForTimeout(2500);
  assert.equal(await page.locator('.log .line').count(), count);
  await page.keyboard.press('p');
  await page.locator('.log').getByText(/route.*2/).first().waitFor();
  await page.getByLabel('Level').selectOption('error');
  await eventually(async () => (await page.locator('.log .line:not(.error)').count()) === 0, 'only errors');
  assert.match(page.url(), /level=error/);
}));

test('what was done is in the audit log, without its secrets', world(async (it) => {
  await addAdmin(it.node, 'root');
  const page = await signedIn(it, 'root', 'users/new');
  await page.getByLabel('Login name').fill('ada');
  await page.getByLabel('Password').fill('a-very-secret-word');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('heading', { name: 'ada' }).waitFor();
  await goTo(page, 'audit');
  await page.getByText('users.add').waitFor();
  assert.ok(!(await page.locator('main').textContent()).includes('a-very-secret-word'));
}));

test('admins are made, changed and removed; the last one stays', world(async (it) => {
  const page = await (async () => {
    await addAdmin(it.node, 'root');
    return signedIn(it, 'root', 'admins', { expected: refusals });
  })();
  const dialog = page.getByRole('dialog');
  await page.keyboard.press('n');
  await dialog.getByLabel('Name').fill('vera');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByText('shown this once').waitFor();
  assert.ok((await dialog.locator('.secret').textContent()).length >= 8);
  await dialog.locator('footer').getByRole('button', { name: 'Close' }).click();
  const vera = page.getByRole('row').filter({ hasText: 'vera' });
  await vera.getByText('Viewer').waitFor();
  await vera.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Role').selectOption('operator');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await vera.getByText('Operator').waitFor();
  await vera.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await vera.waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: 'root' }).getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('alert').waitFor();
}));
