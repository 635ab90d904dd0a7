// How the page is served.
import assert from 'node:assert/strict';
import test from 'node:test';
import { world } from '../world.mjs';

async function ask(node, path, headers = {}, method = 'GET') {
  return fetch(new URL(path, node.url), { headers, method, redirect: 'manual' });
}

test('the page is served with what keeps it safe', world(async ({ node }) => {
  const index = await ask(node, '/');
  assert.equal(index.status, 200);
  const policy = index.headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.match(policy, new RegExp(`connect-src 'self' ws://127.0.0.1:${node.ports.http} wss://127.0.0.1:${node.ports.http};`));
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.equal(index.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(index.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(index.headers.get('cache-control'), 'no-cache');
  const html = await index.text();
  assert.doesNotMatch(html, /<script(?![^>]*src=)|\sstyle=|\son[a-z]+=|https?:/);
  const script = /src="([^"]+\.js)"/.exec(html)[1];
  const code = await ask(node, script);
  assert.match(code.headers.get('cache-control'), /immutable/);
  assert.equal(code.headers.get('content-encoding'), 'gzip');
  assert.equal(code.headers.get('content-type'), 'text/javascript; charset=utf-8');
}));

test('what a browser has already is not sent again', world(async ({ node }) => {
  const first = await ask(node, '/');
  const again = await ask(node, '/', { 'if-none-match': first.headers.get('etag') });
  assert.equal(again.status, 304);
  assert.equal((await again.text()).length, 0);
  const plain = await ask(node, '/', { 'accept-encoding': 'identity', 'if-none-match': first.headers.get('etag') });
  assert.equal(plain.status, 200);
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.equal(await plain.text(), await first.text());
}));

test('other paths and methods are refused', world(async ({ node }) => {
  assert.equal((await ask(node, '/web_chat/nothing.js')).status, 404);
  assert.equal((await ask(node, '/web_chat/../../etc/passwd')).status, 404);
  assert.equal((await ask(node, '/web_chat/settings.json', {}, 'POST')).status, 405);
  assert.equal((await ask(node, '/', {}, 'DELETE')).status, 405);
  assert.deepEqual(await (await ask(node, '/web_chat/settings.json')).json(), { websocket: '/ws', media: '' });
}));
