// Pictures of the page for people, and what must be so on a phone and in the dark.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { heard, openChat, said, signIn } from './person.mjs';
import { png } from './picture.mjs';

const people = { ada: 'Ada Lovelace', grace: 'Grace Hopper', alan: 'Alan Turing', li: '李芳', edsger: 'Edsger Dijkstra', barbara: 'Barbara Liskov' };

/** A sunset over a hill. */
function landscape(x, y) {
  const hill = 250 + 60 * Math.sin(x / 130) + 25 * Math.sin(x / 41);
  if (y > hill) return [38 + y / 12, 66 + y / 9, 74];
  const sun = Math.hypot(x - 430, y - 190);
  if (sun < 48) return [255, 236, 190];
  return [Math.min(255, 120 + y * 0.42 + 3000 / (sun + 40)), Math.min(255, 105 + y * 0.22 + 1200 / (sun + 40)), Math.max(60, 190 - y * 0.28)];
}

async function company({ node, open }) {
  for (const [name, nick] of Object.entries(people)) await node.addUser(name, '--nick', nick);
  const pages = {};
  for (const name of ['grace', 'alan', 'li']) pages[name] = await signIn(await open(), name);
  await openChat(pages.alan, people.ada);
  await said(pages.alan, 'The proof is on your desk. It halts, I think.');
  await openChat(pages.li, people.ada);
  await said(pages.li, '晚上一起吃饭吗？');
  await openChat(pages.grace, people.ada);
  return pages;
}

async function talk(ada, grace) {
  await said(grace, 'Morning! The new build is up on the test machine.');
  await heard(ada, 'Morning!');
  await said(ada, 'Saw it, thank you. Reloaded message and login while people were talking: nobody noticed a thing.');
  await said(grace, 'That is the idea :)');
  await said(grace, 'Notes are at https://wiki.example.org/notes/reload if you want to add the numbers.');
  await said(ada, 'Will do after lunch. This was the view from the train, by the way:');
  await ada.locator('input[data-for=pictures]').setInputFiles({ name: 'train.png', mimeType: 'image/png', buffer: png(640, 400, landscape) });
  const picture = grace.locator('.bubble .picture img');
  await picture.waitFor();
  await eventually(() => picture.evaluate((img) => img.complete && img.naturalWidth > 0));
  await said(grace, 'Beautiful! I want to go there.');
  await heard(ada, 'Beautiful!');
  await eventually(() => ada.locator('.bubble .picture img').evaluate((img) => img.complete && img.naturalWidth > 0));
}

test('as people see it', world(async (it) => {
  const pages = await company(it);
  const ada = await it.open();
  await it.shoot(ada, 'sign-in');
  await signIn(ada, 'ada');
  await openChat(ada, people.grace);
  await talk(ada, pages.grace);
  await ada.mouse.move(0, 0);
  await it.shoot(ada, 'light');
  await ada.emulateMedia({ colorScheme: 'dark' });
  await it.shoot(ada, 'dark');
  await ada.getByRole('button', { name: 'Settings' }).click();
  await it.shoot(ada, 'settings-dark');
  await ada.emulateMedia({ colorScheme: 'light' });
  await ada.keyboard.press('Escape');
  await ada.getByRole('button', { name: 'New group' }).click();
  await it.shoot(ada, 'new-group');
}));

test('on a phone there is one thing at a time', world(async (it) => {
  const pages = await company(it);
  const ada = await signIn(await it.open('/', { phone: true }), 'ada');
  await eventually(async () => (await ada.locator('.row').count()) === 2);
  await it.shoot(ada, 'phone-chats');
  assert.equal(await ada.locator('.conversation').count(), 0);
  await ada.getByRole('tab', { name: 'People' }).tap();
  await ada.locator('.row', { hasText: people.grace }).tap();
  await talk(ada, pages.grace);
  await it.shoot(ada, 'phone-chat');
  assert.equal(await ada.locator('.sidebar').isVisible(), false);
  const widths = await ada.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(widths[0] <= widths[1], `scrolls sideways: ${widths}`);
  await ada.goBack();
  await ada.locator('.sidebar').waitFor();
  assert.equal(await ada.locator('.conversation').count(), 0);
}));
