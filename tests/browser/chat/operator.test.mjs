// What an operator changes shows at once.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { expectText, heard, openChat, said, signIn, texts } from './person.mjs';

test('a user who is renamed, one who is made, one who goes', world(async ({ node, open }) => {
  await node.addUser('ada');
  const bob = await node.addUser('bob', '--nick', 'Bob');
  const ada = await signIn(await open(), 'ada');
  await openChat(ada, 'Bob');
  await said(ada, 'hello');
  await node.ctl('users', 'edit', String(bob), '--nick', 'Robert <i>');
  await expectText(ada.locator('.conversation h2'), 'Robert <i>');
  await expectText(ada.locator('.row'), 'Robert <i>');
  await ada.getByRole('tab', { name: 'People' }).click();
  await node.addUser('cleo', '--nick', 'Cleo');
  await expectText(ada.locator('.row'), 'Cleo');
  await node.ctl('users', 'disable', 'cleo');
  await eventually(async () => (await ada.locator('.row', { hasText: 'Cleo' }).count()) === 0, 'that Cleo goes');
}));

test('a message that is taken out is gone for both', world(async ({ node, open }) => {
  const ids = [await node.addUser('ada'), await node.addUser('bob')].map(String);
  const ada = await signIn(await open(), 'ada');
  const bob = await signIn(await open(), 'bob');
  await openChat(ada, 'bob');
  await openChat(bob, 'ada');
  for (const each of ['first', 'second', 'third']) await said(ada, each);
  await heard(bob, 'third');
  await node.ctl('messages', 'remove', '2', '--user', ids[0], '--peer', ids[1]);
  for (const page of [ada, bob]) {
    await eventually(async () => (await page.locator('.bubble').count()) === 2, 'that it goes');
    assert.deepEqual(await texts(page), ['first', 'third']);
  }
  await said(bob, 'fourth');
  await heard(ada, 'fourth');
  await bob.reload();
  await heard(bob, 'third');
  assert.deepEqual(await texts(bob), ['first', 'third', 'fourth']);
}));

test('who is kicked is back at once, who is disabled is out', world(async ({ node, open }) => {
  const id = await node.addUser('ada');
  await node.addUser('bob');
  const ada = await signIn(await open(), 'ada');
  await openChat(ada, 'bob');
  await node.ctl('kick', '--user', String(id));
  await said(ada, 'still there');
  await node.ctl('users', 'disable', 'ada');
  await ada.getByLabel('Password', { exact: true }).waitFor();
  assert.equal(await ada.evaluate(() => sessionStorage.getItem('parley.signed-in')), null);
}));
