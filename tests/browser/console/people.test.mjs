// Users, departments and groups: what is changed here is changed for those who are connected.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { addAdmin, comes, goTo, refusals, signedIn } from './console.mjs';

const toast = (page, text) => page.getByRole('status').getByText(text).waitFor();

test('a user is added, edited, found, gets a new password', world(async (it) => {
  const { node, shoot } = it;
  await addAdmin(node, 'root', 'operator');
  await node.addUser('bob');
  const page = await signedIn(it, 'root', 'users', { expected: refusals });
  await page.keyboard.press('n');
  await page.getByLabel('Login name').fill('bob');
  await page.getByLabel('Password').fill('ada-secret');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.locator('.banner.bad, .entry.bad').first().waitFor();  // the name is taken
  await page.getByLabel('Login name').fill('ada');
  await page.getByLabel('Nickname').fill('Ada Lovelace');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('heading', { name: 'ada', exact: true }).waitFor();
  await page.getByLabel('Nickname').fill('The Countess');
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByRole('button', { name: 'Save' }).click();
  await toast(page, 'Saved.');
  await page.reload();
  await page.getByLabel('Nickname').waitFor();
  assert.equal(await page.getByLabel('Nickname').inputValue(), 'The Countess');
  await shoot(page, 'console-user');

  await page.getByRole('button', { name: 'Reset password' }).click();
  await page.getByLabel('New password').fill('ada-other-secret');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await toast(page, 'ada has a new password.');
  await goTo(page, 'users');
  await page.getByRole('searchbox').fill('ad');
  await eventually(async () => (await page.locator('tbody tr').count()) === 1, 'one row');
  assert.match(page.url(), /#\/users\?search=ad$/);
  await page.getByRole('link', { name: 'ada' }).waitFor();
}));

test('who is disabled is disconnected and stays out until enabled', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'root', 'operator');
  await node.addUser('ada');
  const ada = await comes(node, 'ada');
  const page = await signedIn(it, 'root', 'users');
  await page.getByRole('link', { name: 'ada' }).click();
  await page.getByRole('button', { name: 'Disable' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await page.getByText('This user is disabled').waitFor();
  await eventually(async () => (await node.ctl('sessions')).every((each) => each.user === 0), 'nobody online');
  await ada.leave();
  await page.getByRole('button', { name: 'Enable' }).click();
  await page.getByText('This user is disabled').first().waitFor({ state: 'detached' });
  await (await comes(node, 'ada')).leave();
}));

test('an online session is shown and closed', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'root', 'operator');
  await node.addUser('ada');
  const ada = await comes(node, 'ada');
  const before = (await node.ctl('sessions')).find((each) => each.user !== 0).session;
  const page = await signedIn(it, 'root', 'sessions');
  const row = page.getByRole('row').filter({ hasText: 'ada' });
  await row.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
  await eventually(async () => (await node.ctl('sessions')).every((each) => each.session !== before), 'it is closed');
  await ada.leave();
}));

test('users are imported from a file', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'root', 'operator');
  await node.addUser('ada');
  const page = await signedIn(it, 'root', 'users/import', { expected: refusals });
  const file = (text) => ({ name: 'users.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByLabel('File').setInputFiles(file('name,password\nada,ada-secret\nbob,bob-secret\n'));
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByRole('alert').getByText(/line 2/).waitFor();
  await page.getByLabel('Leave out names that are taken').check();
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByText('1 users were added.').waitFor();
  assert.deepEqual((await node.ctl('users', 'list')).map((each) => each.name).sort(), ['ada', 'bob']);
}));

test('departments are a tree that takes no branch with leaves away', world(async (it) => {
  await addAdmin(it.node, 'root', 'operator');
  const page = await signedIn(it, 'root', 'departments', { expected: refusals });
  const add = async (button, name) => {
    await button.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name, exact: true }).waitFor();
  };
  await add(page.getByRole('button', { name: 'Add a department' }), 'Engineering');
  await add(page.locator('li > div').filter({ hasText: 'Engineering' }).getByRole('button', { name: 'Add below' }), 'Platform');
  await page.locator('.tree .tree').getByText('Platform').waitFor();
  await page.locator('li > div').filter({ hasText: 'Engineering' }).getByRole('button', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.tree .tree li > div').getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('link', { name: 'Platform' }).waitFor({ state: 'detached' });
}));

test('a group is made, its members talk, it is renamed and dissolved', world(async (it) => {
  const { node, shoot } = it;
  await addAdmin(node, 'root', 'operator');
  for (const name of ['ada', 'bob', 'carol']) await node.addUser(name);
  const bob = await comes(node, 'bob');
  const page = await signedIn(it, 'root', 'groups');
  await page.keyboard.press('n');
  await page.getByLabel('Name').fill('our team');
  const members = page.getByLabel('Members');
  for (const name of ['ada', 'bob']) {
    await members.fill(name);
    await page.getByRole('option', { name }).waitFor();
    await members.press('Enter');
  }
  await page.getByLabel('Owner (may be left out)').fill('ada');
  await page.getByRole('option', { name: 'ada' }).waitFor();
  await page.getByLabel('Owner (may be left out)').press('Enter');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { name: 'our team' }).waitFor();
  bob.type('/to "#our team"');
  bob.type('hello everybody');
  await page.getByRole('button', { name: 'Add members' }).click();
  await page.getByRole('dialog').getByLabel('Users').fill('carol');
  await page.getByRole('option', { name: 'carol' }).waitFor();
  await page.getByRole('dialog').getByLabel('Users').press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await page.getByRole('row').filter({ hasText: 'carol' }).waitFor();
  await shoot(page, 'console-group');
  await page.getByRole('row').filter({ hasText: 'bob' }).getByRole('button', { name: 'Make owner' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make owner' }).click();
  await page.getByRole('row').filter({ hasText: 'bob' }).getByText('Owner', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('our old team');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'our old team' }).waitFor();
  await page.getByRole('button', { name: 'Dissolve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Dissolve' }).click();
  await page.getByText('dissolved').first().waitFor();
  assert.equal(await bob.leave(), 0);
}));
