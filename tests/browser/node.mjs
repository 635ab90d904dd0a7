// A real parleyd as a child process: data of its own, ports that are free.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const source = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const build = process.env.PARLEY_BUILD ?? join(source, 'build');
const run = promisify(execFile);
const patience = 20_000;

export const sleep = (ms) => new Promise((then) => setTimeout(then, ms));

export class Node {
  #process;
  #scratch = mkdtempSync(join(tmpdir(), 'parley-browser-'));
  #environment;
  #ports = { pdu: 0, http: 0 };
  data = join(this.#scratch, 'data');

  #tls;

  /** `environment` is what config/all-in-one.yaml reads, besides what every test node gets. */
  constructor(environment = {}, tls = false) {
    this.#environment = environment;
    this.#tls = tls;
  }

  get url() {
    return `${this.#tls ? 'https' : 'http'}://127.0.0.1:${this.#ports.http}/`;
  }
  get ports() {
    return this.#ports;
  }
  get pid() {
    return this.#process?.pid;
  }
  log() {
    return readFileSync(join(this.#scratch, 'log'), 'utf8');
  }

  /** Returns when it serves. After the first time on the ports of the first time. */
  async start() {
    if (this.#tls && !this.#environment.PARLEY_TLS_KEY) {
      const files = join(this.#scratch, 'tls');
      await run(join(build, 'bin/parleyctl'), ['make-certificate', files]);
      this.#environment = { ...this.#environment, PARLEY_TLS_CERTIFICATE: join(files, 'certificate.pem'), PARLEY_TLS_KEY: join(files, 'key.pem') };
    }
    const log = openSync(join(this.#scratch, 'log'), 'a');
    this.#process = spawn(join(build, 'bin/parleyd'), ['run', join(source, 'config/all-in-one.yaml'), '--no-supervise'], {
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env.PATH, HOME: this.#scratch, PARLEY_DATA: this.data, PARLEY_PASSWORD_COST: 'low', PARLEY_MESSAGE_RATE: '0',
        PARLEY_PROFILE_RATE: '0', PARLEY_PDU_PORT: String(this.#ports.pdu), PARLEY_HTTP_PORT: String(this.#ports.http), ...this.#environment,
      },
    });
    const child = this.#process;
    child.ended = new Promise((then) => child.on('exit', (code, signal) => then({ code, signal })));
    for (const until = Date.now() + patience; ; await sleep(50)) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`parleyd does not serve:\n${this.log().slice(-4000)}`);
      const status = await this.ctl('status').catch(() => null);
      if (!status?.ready) continue;
      for (const each of status.listeners) this.#ports[each.kind] = each.port;
      return this;
    }
  }

  /** parleyctl, its answer as JSON. */
  async ctl(...words) {
    const { stdout } = await run(join(build, 'bin/parleyctl'), ['--socket', join(this.data, 'parleyd.sock'), '--json', ...words]);
    return stdout.trim() === '' ? null : JSON.parse(stdout);
  }

  /** The new id; the password is NAME-secret. */
  async addUser(name, ...more) {
    return (await this.ctl('users', 'add', name, '--password', `${name}-secret`, ...more)).id;
  }

  async kill9() {
    this.#process.kill('SIGKILL');
    await this.#process.ended;
  }

  /** How it ended. */
  async stop() {
    if (!this.#process) return { code: 0 };
    this.#process.kill('SIGTERM');
    const end = await Promise.race([this.#process.ended, sleep(patience).then(() => ({ code: 'it does not end' }))]);
    return end;
  }

  remove() {
    if (this.#process?.exitCode === null) this.#process.kill('SIGKILL');
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}
