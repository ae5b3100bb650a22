import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestInfo } from '@playwright/test';
import pg from 'pg';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { type ConsoleApp, type ConsoleLaunch, launchConsole } from '../../scripts/driver/console-app.ts';
import { Seat } from '../../scripts/driver/seat.ts';
import { type ServerProcess, startServerProcess } from '../../scripts/driver/server-process.ts';
import { readRuntime, sandboxArguments } from '../../scripts/runtime.ts';
import { type CutProxy, openCutProxy } from './cut-proxy.ts';
import { keepDatabase, keepProfile } from './evidence.ts';
import { createTestDatabase, type TestDatabase } from './postgres-global.ts';

export const projectRoot = path.resolve(import.meta.dirname, '../..');
/** Name of the environment variable by which the run's displays reach the workers, one for each. */
export const DISPLAY_VARIABLE = 'HOTLINE_TEST_DISPLAYS';
/** The screen of the worker that runs this test; empty where windows need none. */
export function workerDisplay(): string {
  return process.env[DISPLAY_VARIABLE]?.split(' ')[Number(process.env.TEST_PARALLEL_INDEX)] ?? '';
}
/** Database with a small demo centre; copied for every test. */
export const CENTRE_TEMPLATE = 'e2e_centre';
export const SMALL_CENTRE = { citizens: 40, tickets: 100 } as const;

export interface BootstrapOptions {
  /** False for tests of the application alone. */
  readonly withServer?: boolean;
  /** Console and server speak through a network that the test can cut. */
  readonly throughProxy?: boolean;
}

/**
 * A Chinese word, or a mobile number standing by itself. Letters beside the digits make it part of a random id: one of
 * 3,000 UUIDs holds eleven digits that look like a number.
 */
const PERSONAL_DATA = /\p{Script=Han}|(?<![0-9A-Za-z])(?:86)?1[3-9]\d{9}(?![0-9A-Za-z])/u;

/**
 * One world for one test: a PostgreSQL database, a server process, a profile folder and the real application. What a
 * failed test leaves (pictures, logs, profiles, the rows of the database) is in its folder under test-results/.
 */
export class Bootstrap {
  readonly profileDir: string;
  readonly artifacts: string;
  readonly #database: TestDatabase | null;
  readonly #pool: pg.Pool | null;
  readonly #consoles: ConsoleApp[] = [];
  /** Every profile folder a console of this world worked in. */
  readonly #profiles = new Set<string>();
  #server: ServerProcess | null = null;
  #port = 0;
  #proxy: CutProxy | null = null;
  #app: ConsoleApp | null = null;

  private constructor(database: TestDatabase | null, artifacts: string) {
    this.#database = database;
    this.artifacts = artifacts;
    this.profileDir = mkdtempSync(path.join(tmpdir(), 'hotline-profile-'));
    this.#pool = database && new pg.Pool({ connectionString: database.url, max: 2 });
    this.#pool?.on('error', () => {});
  }

  /** Prepares database, server and profile; the application is started by the test. */
  static async open(info: TestInfo, options: BootstrapOptions = {}): Promise<Bootstrap> {
    mkdirSync(info.outputDir, { recursive: true });
    const withServer = options.withServer ?? true;
    const world = new Bootstrap(withServer ? await createTestDatabase(CENTRE_TEMPLATE) : null, info.outputDir);
    if (withServer) await world.startServer();
    if (options.throughProxy) world.#proxy = await openCutProxy(() => world.directUrl);
    return world;
  }

  /** Where the console finds the server; null in a world without one. */
  get serverUrl(): string | null {
    if (!this.#database) return null;
    return this.#proxy?.url ?? this.directUrl;
  }

  /** The server itself, for whoever has another line to it than the console. */
  get directUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get databaseUrl(): string {
    return forceUnwrap('This world has no server', this.#database).url;
  }

  get proxy(): CutProxy {
    return forceUnwrap('This world has no proxy', this.#proxy);
  }

  get app(): ConsoleApp {
    return forceUnwrap('The console is not running', this.#app);
  }

  get seat(): Seat {
    return new Seat(this.app.page);
  }

  async startServer(): Promise<void> {
    this.#server = await startServerProcess({
      mode: 'demo',
      port: this.#port,
      databaseUrl: this.databaseUrl,
      logFile: path.join(this.artifacts, 'server.log'),
    });
    this.#port = this.#server.port;
  }

  async stopServer(): Promise<void> {
    await this.#server?.stop();
    this.#server = null;
  }

  /** Starts the application on this world's profile. */
  async startApp(overrides: Partial<ConsoleLaunch> = {}): Promise<ConsoleApp> {
    this.#app = await this.launch(overrides);
    return this.#app;
  }

  /** Starts an application without making it this world's own: a second instance, a second seat. */
  async launch(overrides: Partial<ConsoleLaunch> = {}): Promise<ConsoleApp> {
    const runtime = readRuntime();
    const profileDir = overrides.profileDir ?? this.profileDir;
    this.#profiles.add(profileDir);
    const app = await launchConsole({
      appDir: projectRoot,
      electronPath: runtime.electronPath,
      nativeBinding: runtime.nativeBinding,
      profileDir,
      mode: 'demo',
      serverUrl: this.serverUrl,
      display: workerDisplay(),
      noSandbox: sandboxArguments().length > 0,
      logFile: path.join(this.artifacts, 'console-output.log'),
      ...overrides,
    });
    this.#consoles.push(app);
    return app;
  }

  async killApp(): Promise<void> {
    await this.app.kill();
    this.#app = null;
  }

  /** Starts the application again after it was killed or closed. */
  async restartApp(overrides: Partial<ConsoleLaunch> = {}): Promise<ConsoleApp> {
    if (this.#app) await this.#app.close();
    return this.startApp(overrides);
  }

  /** SQL beside the server, as an auditor would run it. */
  async sql<T extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly T[]> {
    return (await forceUnwrap('This world has no server', this.#pool).query<T>(text, [...values])).rows;
  }

  /** Ends everything; on a failure keeps what it left behind. */
  async close(info: TestInfo): Promise<void> {
    const hasFailed = info.status !== info.expectedStatus;
    if (hasFailed) await this.#keepPictures();
    for (const app of this.#consoles) await app.close().catch(() => app.kill());
    await this.#proxy?.close();
    await this.#server?.stop();
    if (hasFailed) await this.#keepEvidence();
    await this.#pool?.end();
    await this.#database?.drop();
    const spoken = this.#findPersonalDataInLogs();
    rmSync(this.profileDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    if (spoken.length > 0) throw new Error(`LOG-1: personal data in a log:\n${spoken.join('\n')}`);
  }

  /** LOG-1 over the whole run: no log of console or server holds a Chinese word or a telephone number. */
  #findPersonalDataInLogs(): readonly string[] {
    const logs = [...this.#profiles].map((profile) => path.join(profile, 'logs', 'console.log'));
    return [...logs, path.join(this.artifacts, 'server.log')]
      .filter((file) => existsSync(file))
      .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
      .filter((line) => PERSONAL_DATA.test(line));
  }

  async #keepPictures(): Promise<void> {
    for (const [i, app] of this.#consoles.entries()) {
      await app.page.screenshot({ path: path.join(this.artifacts, `window-${i}.png`), timeout: 5_000 }).catch(() => {});
    }
  }

  async #keepEvidence(): Promise<void> {
    try {
      for (const [i, profile] of [...this.#profiles].entries()) keepProfile(profile, this.artifacts, `profile-${i}`);
      if (this.#pool) await keepDatabase(this.#pool, this.artifacts);
    } catch (error) {
      // Less evidence must not keep this world from being taken down.
      console.error(error);
    }
  }
}
