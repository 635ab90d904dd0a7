// Two people talk.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { expectText, heard, openChat, said, say, signIn, texts } from './person.mjs';

async function two({ node, open }, how = {}) {
  const ids = { ada: await node.addUser('ada', '--nick', 'Ada Lovelace'), bob: await node.addUser('bob', '--nick', 'Bob Kahn') };
  const ada = await signIn(await open('/', how), 'ada');
  const bob = await signIn(await open('/', how), 'bob');
  await openChat(ada, 'Bob Kahn');
  await openChat(bob, 'Ada Lovelace');
  return { ada, bob, ids };
}

test('two tabs talk, see each other write, and see what was read', world(async (it) => {
  const { ada, bob } = await two(it);
  await expectText(ada.locator('.conversation .title'), 'online');
  await ada.locator('.composer textarea').pressSequentially('Hello');
  await expectText(bob.locator('.conversation .title'), 'is typing');
  await said(ada, 'Hello Bob, 你好 🙂');
  await heard(bob, 'Hello Bob, 你好 🙂');
  await said(bob, 'Hello Ada\nin two lines');
  await heard(ada, 'in two lines');
  await ada.locator('.tick.read').first().waitFor();
  assert.deepEqual(await texts(ada), ['Hello Bob, 你好 🙂', 'Hello Ada\nin two lines']);
  assert.deepEqual(await texts(bob), await texts(ada));
  // The same as any client's: a terminal chat reads it.
  const sessions = await it.node.ctl('sessions');
  assert.deepEqual(sessions.map((each) => each.transport), ['websocket', 'websocket']);
}));

test('a long history is read page by page, and what comes in between does not move it', world(async (it) => {
  const { ada, bob } = await two(it);
  const count = 95;
  for (let i = 1; i <= count; ++i) await say(ada, `line ${i} of many`);
  await ada.locator('.bubble.own:not(.unsent)', { hasText: `line ${count} ` }).waitFor();
  await heard(bob, `line ${count} of many`);
  await bob.reload();
  await heard(bob, `line ${count} of many`);
  const shown = await bob.locator('.bubble').count();
  assert.ok(shown < count, `${shown} of ${count} at first`);
  const log = bob.locator('.log');
  await eventually(async () => {
    await log.evaluate((area) => (area.scrollTop = 0));
    return (await bob.locator('.bubble').count()) === count;
  }, 'the whole history');
  assert.deepEqual(await texts(bob), Array.from({ length: count }, (_, i) => `line ${i + 1} of many`));
  await expectText(bob.locator('.note'), 'This is where it began');
  await log.evaluate((area) => (area.scrollTop = 0));
  await said(ada, 'news from below');
  await eventually(async () => (await bob.locator('.bubble').count()) === count + 1);
  assert.equal(await log.evaluate((area) => area.scrollTop), 0);
  await bob.getByRole('button', { name: 'To the newest' }).click();
  await eventually(() => log.evaluate((area) => area.scrollHeight - area.scrollTop - area.clientHeight < 2));
}));

test('what is not looked at counts as unread, here and in the title, until it is', world(async (it) => {
  const { ada, bob } = await two(it);
  await said(ada, 'first');
  await heard(bob, 'first');
  await bob.evaluate(() => (location.hash = ''));
  await said(ada, 'second');
  await said(ada, 'third');
  await expectText(bob.locator('.badge'), '2');
  await eventually(async () => (await bob.title()) === '(2) Parley', 'the title');
  await bob.locator('.row').first().click();
  await eventually(async () => (await bob.locator('.badge').count()) === 0);
  assert.equal(await bob.title(), 'Parley');
  await bob.reload();
  await heard(bob, 'third');
  assert.equal(await bob.locator('.badge').count(), 0);
}));

test('a conversation can be had with the keyboard alone', world(async ({ node, open }) => {
  await node.addUser('ada');
  await node.addUser('bob');
  const page = await open();
  await page.keyboard.type('ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ada-secret');
  await page.keyboard.press('Enter');
  await page.locator('.frame').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('bob');
  await page.locator('.row').first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.composer textarea').waitFor();
  await page.keyboard.type('typed only');
  await page.keyboard.press('Enter');
  await page.locator('.bubble.own:not(.unsent)', { hasText: 'typed only' }).waitFor();
}));
