// What others write never runs, and never breaks the page.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, world } from '../world.mjs';
import { heard, openChat, said, signIn } from './person.mjs';

const attacks = [
  '<img src=x onerror="window.pwned=1">',
  '<script>window.pwned=1</script>',
  '"><svg onload=window.pwned=1>',
  "javascript:window.pwned=1",
  'https://example.invalid/"onmouseover="window.pwned=1',
  '&$#@~^@[{:javascript:window.pwned=1:}]&$~@#@',
  '&$#@~^@[{:http://example.invalid/x.png" onerror="window.pwned=1:}]&$~@#@',
  '&$#@~^@[{:data:text/html,<script>window.pwned=1</script>:}]&$~@#@',
  '&$#@~^@[{:http://a/g0/000/000/../../../etc/passwd:}]&$~@#@',
  '&$#@~^@[{:::}]&$~@#@ &$#@~^@[{:never ends',
  '${7*7}{{7*7}}<%= 7*7 %>',
  '\u202egnp.exe\u202c \u0000 \ufffd \ud83d\ude00',
];

test('names, messages, groups and files full of markup are texts', world(async ({ node, open, shoot }) => {
  const bad = '<img src=x onerror=pwned=1>';
  await node.addUser('mallory', '--nick', bad);
  await node.addUser('bob');
  const outside = [];
  const bob = await signIn(await open(), 'bob');
  bob.on('request', (request) => !request.url().startsWith(node.url) && !request.url().startsWith('blob:') && outside.push(request.url()));
  const mallory = await signIn(await open(), 'mallory');
  await openChat(mallory, 'bob');
  const sent = attacks.map((each) => each.replaceAll('\u0000', ''));
  for (const each of sent) {
    await mallory.locator('.composer textarea').fill(each);
    await mallory.locator('.composer textarea').press('Enter');
  }
  await said(mallory, 'that was all');
  await mallory.locator('input[data-for=files]').setInputFiles({ name: `${bad}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x') });
  await mallory.getByRole('button', { name: 'New group' }).click();
  await mallory.getByLabel('Name of the group').fill('<svg onload=window.pwned=1>');
  await mallory.getByRole('dialog').getByText('bob', { exact: true }).click();
  await mallory.getByRole('button', { name: 'Create' }).click();
  await said(mallory, 'in a group');

  await bob.locator('.row', { hasText: '<svg onload' }).waitFor();
  await bob.locator('.row[data-key^=u]', { hasText: bad }).click();
  await heard(bob, 'that was all');
  await bob.locator('.file-name', { hasText: bad }).waitFor();
  for (const link of await bob.locator('.bubble a').all()) {
    assert.match(await link.getAttribute('href'), /^https?:\/\/[^"]*$/);
    assert.match(await link.getAttribute('rel'), /noopener noreferrer/);
  }
  for (const page of [bob, mallory]) {
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.equal(await page.locator('.bubble script, .bubble svg[onload], .bubble img[onerror], .row img[onerror]').count(), 0);
  }
  // Nobody learns who reads: pictures of other hosts are not asked for.
  assert.deepEqual(outside, []);
  await shoot(bob, 'hostile');
}));

test('the policy stops what the code would let through', world(async ({ node, open }) => {
  await node.addUser('bob');
  const page = await signIn(await open('/', { expected: /Content Security Policy|Trusted(HTML|Script|Type)/i }), 'bob');
  const stopped = await page.evaluate(async () => {
    const out = { html: '', script: false, elsewhere: '' };
    try {
      document.body.innerHTML += '<img src=x onerror="window.pwned=1">';
    } catch (error) {
      out.html = error.name;
    }
    const script = document.createElement('script');
    out.script = await new Promise((then) => {
      document.addEventListener('securitypolicyviolation', () => then(true), { once: true });
      try {
        script.textContent = 'window.pwned = 1';
        document.head.append(script);
      } catch {
        then(true);
      }
    });
    out.elsewhere = await fetch('http://example.invalid/').then(() => 'reached', (error) => error.name);
    return out;
  });
  assert.deepEqual(stopped, { html: 'TypeError', script: true, elsewhere: 'TypeError' });
  assert.equal(await page.evaluate(() => window.pwned), undefined);
}));

test('PDUs that make no sense do not stop the page', world(async ({ node, open }) => {
  await node.addUser('ada');
  await node.addUser('bob');
  const bob = await open();
  const pdu = (command, body) => {
    const out = Buffer.alloc(16 + body.length);
    out.writeUInt32BE(out.length, 0);
    out.writeUInt16BE(1, 4);
    out.writeUInt16BE(command >> 8, 8);
    out.writeUInt16BE(command, 10);
    body.copy(out, 16);
    return out;
  };
  let toPage;
  await bob.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(message));
    server.onMessage((message) => socket.send(message));
    toPage = socket;
  });
  await bob.reload();
  await signIn(bob, 'bob');
  const ada = await signIn(await open(), 'ada');
  await openChat(ada, 'bob');
  for (const command of [0x0203, 0x0209, 0x020b, 0x0301, 0x0302, 0x0304, 0x040b, 0x0508, 0x0601, 0x0901, 0x0b11, 0x7777]) {
    for (const body of [Buffer.alloc(0), Buffer.from('ffffffffffffffff', 'hex'), Buffer.from('0a'), Buffer.alloc(5000, 0x08)]) toPage.send(pdu(command, body));
  }
  toPage.send('a text');
  toPage.send(Buffer.from('short'));
  await said(ada, 'are you well?');
  await bob.locator('.row', { hasText: 'ada' }).first().click();
  await heard(bob, 'are you well?');
  await eventually(async () => (await bob.locator('.bubble').count()) === 1);
}));
