// Getting in, staying, and getting out.
import assert from 'node:assert/strict';
import test from 'node:test';
import { world } from '../world.mjs';
import { expectText, openChat, said, signIn } from './person.mjs';

test('a wrong password is told, and does not stay', world(async ({ node, open }) => {
  await node.addUser('ada');
  const page = await open();
  await page.getByLabel('Name', { exact: true }).fill('ada');
  await page.getByLabel('Password', { exact: true }).fill('not it');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expectText(page.getByRole('alert'), 'The name or the password is not right.');
  assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
  assert.equal(await page.evaluate(() => sessionStorage.getItem('parley.signed-in')), null);
  await signIn(page, 'ada');
}));

test('a tab stays signed in, without the password in it', world(async ({ node, open }) => {
  await node.addUser('ada');
  const page = await signIn(await open(), 'ada');
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  assert.doesNotMatch(kept, /ada-secret/);
  await page.reload();
  await page.locator('.frame').waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Password', { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('parley.signed-in')), null);
  await page.reload();
  await page.getByLabel('Password', { exact: true }).waitFor();
}));

test('who does not want to stay is asked again', world(async ({ node, open }) => {
  await node.addUser('ada');
  const page = await open();
  await page.getByLabel('Stay signed in').uncheck();
  await signIn(page, 'ada');
  await page.reload();
  await page.getByLabel('Password', { exact: true }).waitFor();
}));

test('a second page of the same person takes the place of the first, and neither fights', world(async ({ node, open }) => {
  await node.addUser('ada');
  await node.addUser('bob');
  const first = await signIn(await open(), 'ada');
  const second = await signIn(await open(), 'ada');
  await expectText(first.getByRole('alert'), 'You signed in from another browser');
  await openChat(second, 'bob');
  await said(second, 'still here');
  await first.reload();
  await first.getByLabel('Password', { exact: true }).waitFor();
  assert.equal((await node.ctl('sessions')).length, 1);
}));

test('Chinese, from the form to a message', world(async ({ node, open, shoot }) => {
  await node.addUser('li', '--nick', '李小龙');
  await node.addUser('wang', '--nick', '王菲');
  const page = await open('/', { language: 'zh' });
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
  await signIn(page, 'li', { language: 'zh' });
  await openChat(page, '王菲');
  await said(page, '今天下午三点开会，可以吗？');
  await expectText(page.locator('.title'), '离线');
  await shoot(page, 'chinese');
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByLabel('语言').selectOption('en');
  await expectText(page.locator('dialog h2'), 'Settings');
}));
