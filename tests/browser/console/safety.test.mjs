// Texts of strangers stay texts, and a role sees what it may do.
import assert from 'node:assert/strict';
import test from 'node:test';
import { world } from '../world.mjs';
import { addAdmin, comes, goTo, signedIn } from './console.mjs';

const bad = '<img src=x onerror="document.title=\'ran\'"><script>document.title="ran"</script>';
const bad_nick = '<img src=x onerror=alert(1)>';  // a nick has 32 characters at most
const short_bad = '"><svg onload=alert(1)><b>x</b>';

test('names, messages and links of strangers are shown as they are written, and run nowhere', world(async (it) => {
  const { node, shoot } = it;
  await addAdmin(node, 'root');
  await node.addUser('ada', '--nick', short_bad);
  await node.addUser('bob');
  await node.ctl('users', 'add', '<i>eve</i>', '--password', 'eve-secret', '--nick', bad_nick);
  await node.ctl('links', 'add', short_bad, 'https://wiki.example.org/?<b>');
  const ada = await comes(node, 'ada');
  ada.type('/to bob');
  ada.type(bad);
  ada.type(`/group new ${JSON.stringify(short_bad).replaceAll('\\"', "'")} bob`);
  ada.type('/groups');
  await ada.hears(/svg onload/);
  assert.equal(await ada.leave(), 0);

  const page = await signedIn(it, 'root');
  const see = async (at, text) => {
    await goTo(page, at);
    await page.getByText(text, { exact: false }).first().waitFor();
    assert.equal(await page.locator('main img, main svg:not(.icon), main script, main i:not(.log i), main b:not(.plot b, .log b, .steps b)').count(), 0, at);
    assert.doesNotMatch(await page.title(), /^ran/);
  };
  await see('users', short_bad);
  await see('users', '<i>eve</i>');
  await see('users?search=eve', bad_nick);
  const eve = (await node.ctl('users', 'list')).find((each) => each.name.includes('eve')).id;
  await see(`users/${eve}`, '<i>eve</i>');
  assert.equal(await page.getByLabel('Nickname').inputValue(), bad_nick);
  await see('groups', '<svg onload=alert(1)>');
  await page.getByRole('link', { name: /svg onload/ }).click();
  await page.getByRole('heading', { name: /svg onload/ }).waitFor();
  await see('links', short_bad);
  await goTo(page, 'messages?text=onerror');
  await page.getByRole('link', { name: /onerror/ }).click();
  await page.locator('.messages').getByText(bad).waitFor();
  await shoot(page, 'console-strange-texts');
  await see(`messages?text=${encodeURIComponent(short_bad)}`, 'Search messages');
  await see('audit', 'login');
  await see('log?search=%3Cscript%3E', 'Nothing at this level');
}));

test('a viewer sees nothing that would be refused', world(async (it) => {
  const { node } = it;
  await addAdmin(node, 'vera', 'viewer');
  await node.addUser('ada');
  await node.ctl('links', 'add', 'wiki', 'https://wiki.example.org');
  const page = await signedIn(it, 'vera', 'users', { expected: /status of 403/ });
  await page.getByRole('link', { name: 'ada' }).waitFor();
  for (const at of ['users', 'users/1', 'groups', 'departments', 'links', 'sessions', 'plugins', 'plugins/echo', 'pools', 'node']) {
    await goTo(page, at);
    await page.locator('main h1').waitFor();
    await page.waitForLoadState('networkidle');
    const buttons = await page.locator('main button:not(.pager button), main a.button').allTextContents();
    assert.deepEqual(buttons, [], at);
  }
  for (const name of ['Admins', 'Audit log', 'Announcements']) assert.equal(await page.getByRole('link', { name }).count(), 0, name);
  await goTo(page, 'admins');
  await page.getByText('Your role does not open this page.').waitFor();
  await goTo(page, 'messages');
  await page.getByText('Where is a message?').waitFor();
  assert.equal(await page.getByRole('searchbox').count(), 0);
  // And what the page would not ask for is refused when it is asked for.
  const status = await page.evaluate(async () => {
    const { csrf } = await (await fetch('/api/v1/me')).json();
    return (await fetch('/api/v1/users/1', { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-Parley-CSRF': csrf }, body: '{"nick":"x"}' })).status;
  });
  assert.equal(status, 403);
}));
