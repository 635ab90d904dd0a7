// Messages searched and traced, announcements, and the ways people use a page: keys, phones, languages.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { addAdmin, comes, goTo, signedIn } from './console.mjs';

test('a message is found, its way is shown, and it is withdrawn', world(async (it) => {
  const { node, shoot } = it;
  await addAdmin(node, 'root', 'operator');
  for (const name of ['ada', 'bob']) await node.addUser(name);
  const ada = await comes(node, 'ada');
  const bob = await comes(node, 'bob');
  ada.type('/to bob');
  ada.type('meet me at the wall');
  await bob.hears('meet me at the wall');
  const page = await signedIn(it, 'root', 'messages');
  await page.getByRole('searchbox').fill('the wall');
  await page.getByRole('link', { name: 'meet me at the wall' }).click();
  const message = page.locator('.messages li').filter({ hasText: 'meet me at the wall' });
  await message.getByRole('link', { name: 'Its way' }).click();
  await page.getByText('Committed and acked').waitFor();
  await page.getByText('Pushed to a terminal').waitFor();
  await shoot(page, 'console-trace');
  await page.goBack();
  await message.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await page.locator('.messages').getByText('withdrawn').waitFor();
  assert.equal(await ada.leave(), 0);
  assert.equal(await bob.leave(), 0);
}));

test('an announcement reaches who is online', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'root', 'operator');
  await node.addUser('ada');
  const ada = await comes(node, 'ada');
  const page = await signedIn(it, 'root', 'announcements');
  await page.keyboard.press('n');
  await page.getByRole('dialog').getByRole('textbox').fill('The server sleeps at ten.');
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.getByRole('cell', { name: 'The server sleeps at ten.' }).waitFor();
  await ada.hears('The server sleeps at ten.');
  assert.equal(await ada.leave(), 0);
}));

test('everything is reached by keys', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'root');
  for (const name of ['ada', 'bob']) await node.addUser(name);
  const page = await signedIn(it, 'root');
  const focused = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.getAttribute('aria-label'));
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await it.shoot(page, 'console-keys');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.getByRole('link', { name: 'bob' }).waitFor();
  await page.keyboard.press('j');
  assert.equal(await focused(), 'ada');
  await page.keyboard.press('j');
  assert.equal(await focused(), 'bob');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'bob' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.getByRole('heading', { name: 'Users' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('bo');
  await eventually(async () => (await page.locator('tbody tr').count()) === 1, 'one row');
  await page.keyboard.press('Escape');
  // Tab comes by every control, and each shows that it has the focus.
  await goTo(page, 'departments');
  await page.getByRole('button', { name: 'Add a department' }).waitFor();
  const passed = new Set();
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press('Tab');
    passed.add(await focused());
    const outline = await page.evaluate(() => {
      const at = document.activeElement;
      return at === document.body || at.tagName === 'MAIN' || getComputedStyle(at).outlineStyle !== 'none';
    });
    assert.ok(outline, await focused());
  }
  for (const name of ['Users', 'Audit log', 'Sign out', 'Add a department']) assert.ok(passed.has(name), name);
}));

test('a phone has room for everything', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'root');
  for (const name of ['ada', 'bob']) await node.addUser(name);
  const page = await signedIn(it, 'root', 'users', { phone: true, dark: true });
  await page.getByRole('link', { name: 'ada' }).waitFor();
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.querySelector('main').scrollWidth <= innerWidth);
  await it.shoot(page, 'console-phone-users');
  for (const at of ['users', 'users/1', 'departments', 'groups', 'links', 'sessions', 'messages', 'plugins', 'plugins/message', 'pools', 'node', 'admins', 'audit', 'log', '']) {
    await goTo(page, at);
    await page.waitForLoadState('networkidle');
    assert.ok(await fits(), at);
  }
  await page.locator('[data-stat=acks]').waitFor();
  await it.shoot(page, 'console-phone');
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Plugins' }).click();
  await page.getByRole('heading', { name: 'Plugins' }).waitFor();
}));

test('it speaks Chinese, and remembers that it was asked to', world(async (it) => {
  await addAdmin(it.node, 'root');
  const page = await signedIn(it, 'root', '', { language: 'zh' });
  await page.getByRole('link', { name: '用户' }).waitFor();
  await it.shoot(page, 'console-chinese');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('link', { name: 'Users' }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: 'Users' }).waitFor();
}));
