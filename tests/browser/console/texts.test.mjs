// Every text there is in one language is there in the other, with the same places to fill in.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const console_source = join(dirname(fileURLToPath(import.meta.url)), '../../../plugins/http_admin/console');

function catalogue(language) {
  const texts = new Map();
  for (const file of [`${language}.ts`, `${language}_words.ts`]) {
    for (const [, key, text] of readFileSync(join(console_source, 'lang', file), 'utf8').matchAll(/^ {2}'([^']+)': '((?:[^'\\]|\\.)*)',$/gm)) {
      assert.ok(!texts.has(key), `${key} is there twice`);
      texts.set(key, text);
    }
  }
  return texts;
}

const en = catalogue('en');
const zh = catalogue('zh');
const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test('both languages have the same keys', () => {
  assert.ok(en.size > 300);
  assert.deepEqual([...zh.keys()].sort(), [...en.keys()].sort());
});

test('no text is empty, and each has the places of its other', () => {
  for (const [key, text] of en) {
    assert.notEqual(text.trim(), '', key);
    assert.notEqual(zh.get(key).trim(), '', key);
    assert.deepEqual(places(zh.get(key)), places(text), key);
  }
});

test('Chinese texts are Chinese', () => {
  const same = [...en].filter(([key, text]) => zh.get(key) === text).map(([key]) => key);
  // Names of systems, and what is said in the other language on purpose.
  assert.deepEqual(same.filter((key) => !/^(terminal|tag)\./.test(key)), []);
});

test('no text is left that nothing says', () => {
  const code = readdirSync(console_source, { recursive: true })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('lang') && !name.includes('node_modules'))
    .map((name) => readFileSync(join(console_source, name), 'utf8')).join('\n');
  // t(`log.${level}`) and word('tag', ...) say any key of their group.
  const groups = new Set([...code.matchAll(/[`'](\w+(?:\.title_)?)\.?\$\{/g), ...code.matchAll(/word\('(\w+)'/g), ...code.matchAll(/'(\w+)\.' \+/g)].map((found) => found[1].split('.')[0]));
  const unsaid = [...en.keys()].filter((key) => !code.includes(`'${key}'`) && !groups.has(key.split('.')[0]));
  assert.deepEqual(unsaid, []);
});
