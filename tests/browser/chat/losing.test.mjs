// Servers go away and plugins are replaced: nothing is lost, nothing is there twice.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { expectText, heard, openChat, say, signIn, texts } from './person.mjs';

async function two({ node, open }) {
  await node.addUser('ada');
  await node.addUser('bob');
  const ada = await signIn(await open(), 'ada');
  const bob = await signIn(await open(), 'bob');
  await openChat(ada, 'bob');
  await openChat(bob, 'ada');
  return { ada, bob };
}
const numbered = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => `number ${from + i}`);

test('plugins are reloaded while two talk', world(async (it) => {
  const { ada, bob } = await two(it);
  for (let i = 1; i <= 40; ++i) {
    await say(ada, `number ${i}`);
    if (i % 10 === 5) await it.node.ctl('reload', ['message', 'login', 'web_chat', 'route'][(i - 5) / 10]);
  }
  await heard(bob, 'number 40');
  await eventually(async () => (await ada.locator('.unsent').count()) === 0, 'the last ack');
  assert.deepEqual(await texts(bob), numbered(1, 40));
  assert.deepEqual(await texts(ada), numbered(1, 40));
  assert.equal((await it.node.ctl('sessions')).length, 2);
}));

test('the server is killed and comes back', world(async (it) => {
  const { ada, bob } = await two(it);
  for (let i = 1; i <= 5; ++i) await say(ada, `number ${i}`);
  await heard(bob, 'number 5');
  await it.node.kill9();
  await expectText(ada.getByRole('status'), 'No connection');
  for (let i = 6; i <= 9; ++i) await say(ada, `number ${i}`);
  assert.equal(await ada.locator('.bubble.unsent').count(), 4);
  await it.shoot(ada, 'waiting');
  await it.node.start();
  await heard(bob, 'number 9');
  await eventually(async () => (await ada.locator('.unsent').count()) === 0, 'the last ack');
  assert.deepEqual(await texts(ada), numbered(1, 9));
  assert.deepEqual(await texts(bob), numbered(1, 9));
}));

test('killed again and again in the middle of talk', world(async (it) => {
  const { ada, bob } = await two(it);
  let n = 0;
  for (let round = 0; round < 3; ++round) {
    const writing = (async () => {
      for (let i = 0; i < 12; ++i) {
        await say(ada, `number ${++n}`);
        await say(bob, `answer ${n}`);
      }
    })();
    await it.node.kill9();
    await writing;
    await it.node.start();
  }
  await eventually(async () => (await ada.locator('.unsent').count()) + (await bob.locator('.unsent').count()) === 0, 'everything sent', 40_000);
  await heard(bob, 'number 36');
  await heard(ada, 'answer 36');
  await eventually(async () => (await texts(ada)).length === 72 && (await texts(bob)).length === 72, '72 messages');
  const shown = await texts(ada);
  assert.deepEqual(shown.filter((each) => each.startsWith('number')), numbered(1, 36));
  assert.deepEqual(shown.filter((each) => each.startsWith('answer')), numbered(1, 36).map((each) => each.replace('number', 'answer')));
  assert.deepEqual(await texts(bob), shown);
}));

test('what was not sent outlives a reload of the tab', world(async ({ node, open }) => {
  await node.addUser('ada');
  await node.addUser('bob');
  const ada = await open();
  // The page comes from its server; only the way to the WebSocket is cut.
  let cut = false;
  const sockets = [];
  await ada.routeWebSocket(/\/ws$/, (socket) => {
    if (cut) return void socket.close();
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(message));
    server.onMessage((message) => cut || socket.send(message));
    sockets.push(socket);
  });
  await ada.reload();
  await signIn(ada, 'ada');
  await openChat(ada, 'bob');
  cut = true;
  for (const each of sockets) await each.close();
  await expectText(ada.getByRole('status'), 'No connection');
  await say(ada, 'written into nothing');
  await say(ada, 'and so was this');
  cut = false;
  await ada.reload();
  await ada.locator('.bubble.own:not(.unsent)', { hasText: 'and so was this' }).waitFor();
  const bob = await signIn(await open(), 'bob');
  await openChat(bob, 'ada');
  await heard(bob, 'and so was this');
  assert.deepEqual(await texts(bob), ['written into nothing', 'and so was this']);
}));
