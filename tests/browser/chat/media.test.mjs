// Pictures and files.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { expectText, heard, openChat, said, signIn } from './person.mjs';
import { png } from './picture.mjs';

async function two({ node, open }) {
  await node.addUser('ada');
  await node.addUser('bob');
  const ada = await signIn(await open(), 'ada');
  const bob = await signIn(await open(), 'bob');
  await openChat(ada, 'bob');
  await openChat(bob, 'ada');
  return { ada, bob };
}
const choose = (page, what, files) => page.locator(`input[data-for=${what}]`).setInputFiles(files);
const shownSize = (picture) => picture.evaluate((img) => (img.complete ? img.naturalWidth : 0));

test('a picture is sent, seen small, and seen large', world(async (it) => {
  const { ada, bob } = await two(it);
  await choose(ada, 'pictures', { name: 'wall.png', mimeType: 'image/png', buffer: png(1200, 800) });
  await ada.locator('.bubble.own:not(.unsent) .picture img').waitFor();
  const small = bob.locator('.bubble .picture img');
  await small.waitFor();
  await eventually(async () => (await shownSize(small)) === 640, 'the thumbnail');
  assert.match(await small.getAttribute('src'), /^\/g0\/\d{3}\/\d{3}\/\d+_[0-9a-f]+_1200x800\.png_640x640\.jpg$/);
  assert.equal(await small.getAttribute('width'), '320');
  await bob.locator('.bubble .picture').click();
  const large = bob.locator('dialog.lightbox img');
  await eventually(async () => (await shownSize(large)) === 1200, 'the picture');
  await it.shoot(bob, 'lightbox');
  await bob.keyboard.press('Escape');
  await eventually(async () => (await bob.locator('dialog').count()) === 0);
  assert.equal((await it.node.ctl('media', 'list')).length, 1);
}));

test('a large picture is made smaller, what is none is refused', world(async (it) => {
  const { ada, bob } = await two(it);
  const noise = randomBytes(3200 * 1000 * 3);
  await choose(ada, 'pictures', { name: 'noise.png', mimeType: 'image/png', buffer: png(3200, 1000, (x, y) => noise.subarray((y * 3200 + x) * 3, (y * 3200 + x) * 3 + 3)) });
  const seen = bob.locator('.bubble .picture img');
  await seen.waitFor();
  await eventually(async () => (await shownSize(seen)) > 0);
  assert.match(await seen.getAttribute('src'), /_2560x800\.jpg/);
  await choose(ada, 'pictures', { name: 'not.png', mimeType: 'image/png', buffer: Buffer.from('nothing of the kind') });
  await expectText(ada.getByRole('alert'), 'not.png is no picture');
}));

test('a picture whose server dies arrives once it is back', world(async (it) => {
  const { ada, bob } = await two(it);
  await it.node.kill9();
  await choose(ada, 'pictures', { name: 'late.png', mimeType: 'image/png', buffer: png(300, 200) });
  await ada.locator('.bubble.unsent img').waitFor();
  await it.node.start();
  await bob.locator('.bubble .picture img').waitFor();
  await eventually(async () => (await ada.locator('.unsent').count()) === 0);
  assert.equal(await ada.locator('.bubble.own').count(), 1);
}));

test('a file goes from one to the other', world(async (it) => {
  const { ada, bob } = await two(it);
  const content = randomBytes(1_000_003);
  await choose(ada, 'files', { name: 'report <1>.pdf', mimeType: 'application/pdf', buffer: content });
  await expectText(ada.locator('.file'), 'Waits for bob');
  await expectText(bob.locator('.file'), 'report <1>.pdf');
  const coming = bob.waitForEvent('download');
  await bob.getByRole('button', { name: 'Download' }).click();
  const download = await coming;
  const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
  assert.equal(digest(readFileSync(await download.path())), digest(content));
  await expectText(bob.locator('.file'), 'Downloaded');
  await eventually(async () => (await it.node.ctl('files', 'list')).length === 0, 'the server to forget it');
}));

test('a file waits for who is away, and may be refused or taken back', world(async ({ node, open }) => {
  await node.addUser('ada');
  await node.addUser('bob');
  const ada = await signIn(await open(), 'ada');
  await openChat(ada, 'bob');
  await choose(ada, 'files', [
    { name: 'one.txt', mimeType: 'text/plain', buffer: Buffer.from('one') },
    { name: 'two.txt', mimeType: 'text/plain', buffer: Buffer.from('two') },
    { name: 'zero.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
  ]);
  await eventually(async () => (await node.ctl('files', 'list')).filter((each) => each.state === 'waiting' || each.waiting !== false).length === 3, 'three files');
  await eventually(async () => (await ada.locator('.file', { hasText: 'Waits for' }).count()) === 3);
  await ada.locator('.file', { hasText: 'two.txt' }).getByRole('button', { name: 'Take back' }).click();
  await eventually(async () => (await node.ctl('files', 'list')).length === 2);
  const bob = await signIn(await open(), 'bob');
  await openChat(bob, 'ada');
  await eventually(async () => (await bob.locator('.file').count()) === 2);
  await bob.locator('.file', { hasText: 'one.txt' }).getByRole('button', { name: 'Refuse' }).click();
  const coming = bob.waitForEvent('download');
  await bob.locator('.file', { hasText: 'zero.txt' }).getByRole('button', { name: 'Download' }).click();
  assert.equal(readFileSync(await (await coming).path()).length, 0);
  await eventually(async () => (await node.ctl('files', 'list')).length === 0);
}));

test('a file goes on where it was when the server is killed', world(async (it) => {
  const { ada, bob } = await two(it);
  const content = randomBytes(12_000_000);
  await choose(ada, 'files', { name: 'big.bin', mimeType: 'application/octet-stream', buffer: content });
  await ada.locator('.file progress').waitFor();
  await it.node.kill9();
  await it.node.start();
  await eventually(async () => (await ada.locator('.file', { hasText: 'Waits for bob' }).count()) === 1, 'the upload', 40_000);
  const coming = bob.waitForEvent('download', { timeout: 40_000 });
  await bob.getByRole('button', { name: 'Download' }).click();
  assert.ok(readFileSync(await (await coming).path()).equals(content));
  await said(ada, 'got it?');
  await heard(bob, 'got it?');
}));
