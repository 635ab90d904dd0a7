// Groups.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { expectText, heard, openChat, said, signIn } from './person.mjs';

test('a group is made, talked in, renamed, grows, and is left', world(async ({ node, open, shoot }) => {
  for (const each of ['ada', 'bob', 'cleo']) await node.addUser(each);
  const ada = await signIn(await open(), 'ada');
  const bob = await signIn(await open(), 'bob');
  await ada.getByRole('button', { name: 'New group' }).click();
  await ada.getByLabel('Name of the group').fill('Climbers');
  await ada.getByRole('dialog').getByText('bob', { exact: true }).click();
  await ada.getByRole('button', { name: 'Create' }).click();
  await expectText(ada.locator('.conversation .title'), '2 members');
  await said(ada, 'who comes on Sunday?');
  await openChat(bob, 'Climbers');
  await heard(bob, 'who comes on Sunday?');
  await expectText(bob.locator('.author'), 'ada');
  await said(bob, 'me');
  await heard(ada, 'me');

  await ada.getByRole('button', { name: 'Details' }).click();
  await expectText(ada.locator('.member-list'), 'ada owner');
  await ada.getByLabel('Name of the group').fill('Climbers <b>&amp;');
  await ada.getByRole('button', { name: 'Rename' }).click();
  await expectText(bob.locator('.conversation h2'), 'Climbers <b>&amp;');
  await ada.getByRole('button', { name: 'Add people' }).click();
  await ada.getByRole('dialog').getByText('cleo', { exact: true }).click();
  await ada.getByRole('button', { name: 'Add', exact: true }).click();
  await expectText(bob.locator('.conversation .title'), '3 members');
  await ada.getByRole('button', { name: 'Close' }).click();

  const cleo = await signIn(await open(), 'cleo');
  await openChat(cleo, 'Climbers');
  await said(cleo, 'and me');
  await heard(bob, 'and me');
  await shoot(bob, 'group');
  await bob.getByRole('button', { name: 'Details' }).click();
  await bob.getByRole('button', { name: 'Leave the group' }).click();
  await bob.getByRole('alert').getByRole('button', { name: 'Leave the group' }).click();
  await eventually(async () => (await bob.locator('.row', { hasText: 'Climbers' }).count()) === 0);
  await expectText(ada.locator('.conversation .title'), '2 members');
  assert.equal((await node.ctl('groups', 'list')).length, 1);
}));
