// Makes a page: generates its messages, checks its types, bundles, compresses, and writes what the plugin compiles.
// Run by parley_add_page() only, which says what its arguments are. Needs the page's packages in OUT/node_modules.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

function parse(words) {
  const given = { protos: [] };
  for (let i = 0; i < words.length; ++i) {
    if (words[i].startsWith('--')) given[words[i].slice(2)] = words[++i];
    else given.protos.push(words[i]);
  }
  return given;
}

function fail(text) {
  console.error(text);
  process.exit(1);
}

function run(what, program, args, cwd) {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (done.error) fail(`${what}: ${done.error.message}`);
  if (done.status !== 0) fail(`${what}:\n${done.stdout}${done.stderr}`);
}

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Copies, so that packages are found above the sources wherever these are. */
function stage({ page, shared, out }) {
  for (const [from, to] of [[page, 'page'], [shared, 'parley']]) {
    rmSync(join(out, to), { recursive: true, force: true });
    cpSync(from, join(out, to), { recursive: true, filter: (path) => !path.includes('/node_modules') });
  }
}

function generate_messages({ out, protoc, protos, 'proto-dir': proto_dir }) {
  rmSync(join(out, 'proto'), { recursive: true, force: true });
  mkdirSync(join(out, 'proto'));
  if (protos.length === 0) return;
  const plugin = join(out, 'node_modules/.bin/protoc-gen-es');
  const args = [`--plugin=protoc-gen-es=${plugin}`, `--es_out=${join(out, 'proto')}`, '--es_opt=target=ts', `-I${proto_dir}`];
  run('protoc', protoc, [...args, ...protos], proto_dir);
  writeFileSync(join(out, 'proto/commands.ts'), commands(readFileSync(join(proto_dir, 'commands.csv'), 'utf8')));
}

/** `cid.login_req_userlogin`, as parley/commands.hpp calls them. */
function commands(csv) {
  const rows = csv.trim().split('\n').slice(1).map((row) => row.split(','));
  return ['export const cid = {', ...rows.map(([id, name]) => `  ${name.replace(/^CID_/, '').toLowerCase()}: ${id},`), '} as const;', ''].join('\n');
}

function check_types({ out, page }) {
  const options = {
    strict: true, noEmit: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx',
    jsxImportSource: 'preact', lib: ['es2023', 'dom', 'dom.iterable'], types: [], skipLibCheck: true,
    noUnusedLocals: true, noUnusedParameters: true, noFallthroughCasesInSwitch: true, noImplicitOverride: true,
    paths: { 'parley/*': ['./parley/*'], 'proto/*': ['./proto/*'] },
  };
  writeFileSync(join(out, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['page', 'parley'] }));
  run(`types of ${page}`, join(out, 'node_modules/.bin/tsc'), ['--pretty', 'false', '-p', 'tsconfig.json'], out);
}

/** [name, bytes] of what the browser loads besides index.html. */
async function bundle({ out }) {
  const esbuild = createRequire(join(out, 'package.json'))('esbuild');
  const entry = ['main.tsx', 'main.ts'].map((name) => join(out, 'page', name)).find(existsSync);
  if (!entry) fail('the page has neither main.ts nor main.tsx');
  const built = await esbuild.build({
    entryPoints: [entry], bundle: true, minify: true, write: false, outdir: join(out, 'dist'), format: 'esm',
    target: ['chrome100', 'firefox104', 'safari15.4'], charset: 'utf8', legalComments: 'eof', logLevel: 'silent',
    jsx: 'automatic', jsxImportSource: 'preact', define: { 'process.env.NODE_ENV': '"production"' },
    alias: { parley: join(out, 'parley'), proto: join(out, 'proto') },
    loader: { '.svg': 'dataurl', '.png': 'dataurl' },
  }).catch((error) => fail(error.message));
  for (const warning of built.warnings) fail(warning.text);
  return built.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]);
}

function assemble(given, bundled) {
  const files = new Map();
  const places = new Map();
  const add = (name, bytes) => {
    const stem = basename(name, extname(name));
    const path = `${given.base}${stem}-${digest(bytes)}${extname(name)}`;
    places.set(name, path);
    files.set(path, { bytes, lasting: true });
  };
  for (const [name, bytes] of bundled) add(name, bytes);
  const still = join(given.out, 'page', 'static');
  if (existsSync(still)) for (const name of readdirSync(still).sort()) add(name, readFileSync(join(still, name)));
  const html = readFileSync(join(given.out, 'page', 'index.html'), 'utf8').replace(
    /%([A-Za-z0-9_.-]+)%/g, (all, name) => places.get(name) ?? fail(`index.html: there is no ${name}`));
  files.set(given.index, { bytes: Buffer.from(html), lasting: false, type: TYPES['.html'] });
  return files;
}

function write_sources({ name, out, limit }, files) {
  const blobs = join(out, 'files');
  rmSync(blobs, { recursive: true, force: true });
  mkdirSync(blobs);
  const assembly = [], declared = [], table = [], sizes = [];
  let total = 0;
  const embed = (bytes) => {
    const symbol = `parley_page_${name}_${declared.length}`;
    const file = join(blobs, `${declared.length}-${digest(bytes)}`);
    writeFileSync(file, bytes);
    assembly.push(`    ".hidden ${symbol}\\n.global ${symbol}\\n${symbol}:\\n.incbin \\"${file}\\"\\n"`);
    declared.push(`extern const char ${symbol}[];`);
    return `{${symbol}, ${bytes.length}}`;
  };
  for (const [path, { bytes, lasting, type = TYPES[extname(path)] }] of files) {
    if (!type) fail(`${path}: of which type it is, is not known`);
    const small = gzipSync(bytes, { level: 9 });
    const pays = small.length < bytes.length;
    total += Math.min(small.length, bytes.length);
    sizes.push(`${relative('/', path) || 'index.html'} ${Math.min(small.length, bytes.length)}`);
    table.push(`    {"${path}", "${type}", "${digest(bytes)}", ${embed(bytes)}, ${pays ? embed(small) : '{}'}, ${lasting}},`);
  }
  const told = `page of ${name}: ${(total / 1024).toFixed(1)} KiB compressed (${sizes.join(', ')})`;
  if (total > limit) fail(`${told}: more than the ${limit} bytes it may have`);
  console.log(told);
  writeFileSync(join(out, `${name}_page.cpp`), [
    `#include "${name}_page.hpp"`, '', '#include <array>', '',
    'asm(".pushsection .rodata,\\"a\\",@progbits\\n"', ...assembly, '    ".popsection\\n");', '',
    'extern "C" {', '#pragma GCC visibility push(hidden)', ...declared, '#pragma GCC visibility pop', '}', '',
    'namespace {', `constexpr std::array<parley::page_file, ${table.length}> files{{`, ...table, '}};', '}', '',
    `constinit const parley::page parley::pages::${name}(files);`, ''].join('\n'));
  writeFileSync(join(out, `${name}_page.hpp`), [
    '#pragma once', '', '#include <parley/page.hpp>', '',
    'namespace parley::pages {', `extern const page ${name};`, '}', ''].join('\n'));
}

const given = parse(process.argv.slice(2));
stage(given);
generate_messages(given);
check_types(given);
write_sources({ ...given, limit: Number(given.limit) }, assemble(given, await bundle(given)));
