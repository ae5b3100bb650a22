import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createTicketBody, request, TestConsole } from '#tests/support/test-console.ts';

const folders: string[] = [];
const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.end('SIGTERM');
  for (const folder of folders.splice(0)) {
    const elsewhere = placeOf(folder);
    if (elsewhere?.startsWith('/')) rmSync(elsewhere, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
});

function makeFolder(mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-process-'));
  chmodSync(folder, mode);
  folders.push(folder);
  return folder;
}

function placeOf(folder: string): string | null {
  const file = join(folder, 'data', 'cluster.json');
  return existsSync(file) ? z.object({ data: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).data : null;
}

/** `node src/server/main.ts` as it runs in the data centre. */
class ServerProcess {
  readonly child: ChildProcess;
  readonly lines: Record<string, unknown>[] = [];
  stderr = '';
  readonly #ended: Promise<number | null>;

  constructor(args: readonly string[]) {
    const { DATABASE_URL: _unused, ...env } = process.env;
    this.child = spawn(process.execPath, ['src/server/main.ts', '--port', '0', ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      this.lines.push(...lines.map((line) => JSON.parse(line)));
    });
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
    });
    this.#ended = new Promise((resolve) => this.child.on('close', (code) => resolve(code)));
    running.push(this);
  }

  find(event: string): Record<string, unknown> | undefined {
    return this.lines.find((line) => line.event === event);
  }

  async url(): Promise<string> {
    await expect.poll(() => this.find('listening') ?? this.child.exitCode, { timeout: 30_000 }).toBeTruthy();
    return String(this.find('listening')?.url);
  }

  async ready(): Promise<string> {
    const url = await this.url();
    await expect.poll(async () => (await request(url, '/readyz')).status, { timeout: 60_000, interval: 50 }).toBe(200);
    return url;
  }

  end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.#ended;
  }

  exit(): Promise<number | null> {
    return this.#ended;
  }
}

function addAccount(
  dataDir: string,
  password: string,
  args: readonly string[] = [],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { DATABASE_URL: _unused, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['src/server/main.ts', 'account', 'add', '--data', dataDir, '--account', 'chief', '--centre', '320100', ...args],
      { env: { ...env, HOTLINE_PASSWORD: password } },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('from nothing: own PostgreSQL, first administrator by command line, kill -9, restart with everything there', async () => {
  const data = join(makeFolder(0o711), 'data');
  const first = new ServerProcess(['--data', data]);
  const url = await first.ready();
  expect(first.find('listening')).toMatchObject({ mode: 'production', pid: first.child.pid });
  expect(statSync(join(data, 'postgres-password')).mode & 0o777).toBe(0o600);

  expect(await addAccount(data, 'weak')).toMatchObject({ code: 1, stderr: expect.stringMatching(/too weak/) });
  expect(await addAccount(data, 'Strong-Word-77', ['--role', 'lead'])).toMatchObject({ code: 0 });
  expect(await addAccount(data, 'Strong-Word-77')).toMatchObject({ code: 1, stderr: expect.stringMatching(/taken/) });
  expect((await addAccount(data, 'Strong-Word-77', ['--role', 'emperor'])).stderr).toMatch(/role/);

  const console = await new TestConsole(url).signIn('chief', 'Strong-Word-77');
  const body = createTicketBody();
  await console.pushOne(body);

  const second = new ServerProcess(['--data', data]);
  expect(await second.exit()).toBe(1);
  expect(second.find('fatal')).toMatchObject({ code: 'FOLDER_IN_USE' });

  await first.end('SIGKILL');
  const third = new ServerProcess(['--data', data]);
  const again = await third.ready();
  // PostgreSQL outlived the killed server and was taken over.
  expect(third.find('postgres.ready')).toMatchObject({ adopted: true });
  const after = await new TestConsole(again).signIn('chief', 'Strong-Word-77');
  expect((await after.send(`/tickets/${body.uid}`)).body).toMatchObject({ uid: body.uid, number: 1 });

  expect(await third.end('SIGTERM')).toBe(0);
  expect(third.lines.at(-1)).toMatchObject({ event: 'stopped' });
  expect(existsSync(join(data, 'pgdata', 'postmaster.pid'))).toBe(false);

  // A machine that lost power leaves a pid file whose number may belong to anything by now.
  writeFileSync(join(data, 'pgdata', 'postmaster.pid'), `${process.pid}\n${data}\n0\n5432\n\n127.0.0.1\n0 0\nready\n`);
  const fourth = new ServerProcess(['--data', data]);
  await fourth.ready();
  expect(fourth.find('postgres.ready')).toMatchObject({ adopted: false });

  expect(await fourth.end('SIGINT')).toBe(0);
  const demo = new ServerProcess(['--demo', '--data', data]);
  expect(await demo.exit()).toBe(1);
  expect(demo.find('fatal')).toMatchObject({ code: 'MODE_MISMATCH' });
  expect(demo.stderr).toMatch(/production centre/);
}, 180_000);

test.runIf(process.getuid?.() === 0)(
  'below a folder only root may enter, PostgreSQL gets its own place',
  async () => {
    const folder = makeFolder(0o700);
    const data = join(folder, 'data');
    const server = new ServerProcess(['--data', data]);
    await server.ready();
    const place = placeOf(folder) ?? '';
    expect(place.startsWith(folder)).toBe(false);
    expect(existsSync(join(place, 'PG_VERSION'))).toBe(true);
    expect(await server.end('SIGTERM')).toBe(0);
    const again = new ServerProcess(['--data', data]);
    await again.ready();
    expect(again.find('postgres.creating')).toBeUndefined();
  },
  120_000,
);

test('stopping during the start ends cleanly and the next start works', async () => {
  const data = join(makeFolder(0o711), 'data');
  const hasty = new ServerProcess(['--data', data]);
  await hasty.url();
  expect(await hasty.end('SIGTERM')).toBe(0);
  const patient = new ServerProcess(['--data', data]);
  await patient.ready();
}, 120_000);

test.each([
  [['--port', 'x'], /--port takes a number/],
  [['--prot', '1'], /Usage/],
])('wrong arguments %j end in one sentence', async (args, said) => {
  const server = new ServerProcess(args);
  expect(await server.exit()).toBe(1);
  expect(server.stderr).toMatch(said);
});
