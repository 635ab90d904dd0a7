// The same over TLS.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { heard, openChat, said, signIn } from './person.mjs';
import { png } from './picture.mjs';

test('two talk over https and wss, with pictures', world(async ({ node, open }) => {
  await node.addUser('ada');
  await node.addUser('bob');
  const page = await open();
  const policy = (await page.reload()).headers()['content-security-policy'];
  assert.match(policy, new RegExp(`connect-src 'self' wss://127.0.0.1:${node.ports.http};`));
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  const ada = await signIn(page, 'ada');
  const bob = await signIn(await open(), 'bob');
  await openChat(ada, 'bob');
  await openChat(bob, 'ada');
  await said(ada, 'nobody listens');
  await heard(bob, 'nobody listens');
  await bob.locator('input[data-for=pictures]').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: png(90, 60) });
  const picture = ada.locator('.bubble .picture img');
  await picture.waitFor();
  await eventually(() => picture.evaluate((img) => img.complete && img.naturalWidth > 0));
  assert.deepEqual(sockets, [`wss://127.0.0.1:${node.ports.http}/ws`]);
}, {}, { tls: true }));
