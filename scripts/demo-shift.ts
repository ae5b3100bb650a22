/**
 * The demo shift, played on the real application: sign in, get ready, answer a call, write a ticket, lose the server, answer
 * the next call directly, get the server back, see both tickets there. Prints a table and leaves pictures in out/demo/.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import callersFile from '#resources/demo/callers.json' with { type: 'json' };
import scenariosFile from '#resources/demo/scenarios.json' with { type: 'json' };
import { tokensSchema } from '#shared/contract/server.contract.ts';
import { DEMO_ACCOUNTS } from '#shared/domain/demo.ts';
import { demoCallerFileSchema, demoScenarioFileSchema } from '#shared/domain/demo-scenario.ts';
import { type Ticket, ticketSchema } from '#shared/domain/ticket.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { DEMO_PROFILE_DIR, type DemoServer, startDemoServer, waitUntilReady } from './demo-server.ts';
import { type ConsoleApp, launchConsole } from './driver/console-app.ts';
import { Seat } from './driver/seat.ts';
import { waitFor } from './driver/wait-for.ts';
import { PROJECT_ROOT, readRuntime, sandboxArguments } from './runtime.ts';

const PICTURES = path.join(PROJECT_ROOT, 'out', 'demo');
const FIRST_SYNC_LIMIT_MS = 600_000;

const agent = forceUnwrap('The demo has accounts', DEMO_ACCOUNTS[0]);
const steps: { readonly what: string; readonly ms: number; readonly note: string }[] = [];
let pictures = 0;
let accessToken: string | null = null;

process.exitCode = await play().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

async function play(): Promise<number> {
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  const startedAt = systemClock.now();
  let server = await step('central server ready', startServer, () => 'PostgreSQL and demo centre');
  const port = Number(new URL(server.url).port);
  const app = await step('console on the screen', () => openConsole(server.url));
  const seat = new Seat(app.page);
  try {
    await seat.get(TEST_IDS.signIn).waitFor();
    await takePicture(app, 'sign-in');
    await step(
      'signed in',
      () => seat.startShift(agent.account, agent.password),
      () => agent.name,
    );
    await step(
      'first sync',
      () => waitForFirstSync(seat),
      (rows) => `${rows} on this computer`,
    );
    await seat.getReady();
    await takePicture(app, 'ready');

    await takeCall(app, seat, 'street-light-repeat');
    await step('ticket on the server', () => waitForNewTickets(seat, server.url, startedAt, 1));
    await takePicture(app, 'ticket-synced');

    await server.stop();
    await step('offline noticed', () => seat.waitForConnection('offline'));
    await takeCall(app, seat, 'school-enrolment');
    await waitFor('the ticket waits', async () => (await seat.outboxCount()) > 0);
    await app.page.keyboard.press('Alt+5');
    await seat.get(TEST_IDS.outboxTable).waitFor();
    await takePicture(app, 'offline');

    server = await step('central server back', () => startServer(port));
    await step('synced again', async () => {
      await seat.waitForConnection('online', 60_000);
      await waitForNewTickets(seat, server.url, startedAt, 2);
    });
    await app.page.keyboard.press('Alt+2');
    await seat
      .get(TEST_IDS.ticketTable)
      .getByRole('row')
      .filter({ hasText: /\d{8}-\d{8}/ })
      .first()
      .waitFor();
    await takePicture(app, 'my-tickets');
    await app.page.keyboard.press('Home');
    await app.page.keyboard.press('Enter');
    await seat.get(TEST_IDS.ticketDetail).waitFor();
    await takePicture(app, 'ticket');
    const tickets = await readNewTickets(server.url, startedAt);
    printSummary(tickets);
    return tickets.length === 2 ? 0 : 1;
  } catch (error) {
    await takePicture(app, 'failed').catch(() => {});
    throw error;
  } finally {
    await app.close();
    await server.stop();
  }
}

async function startServer(port = 0): Promise<DemoServer> {
  const server = await startDemoServer({ port });
  let last = -1;
  await waitUntilReady(server, ({ phase, done, total }) => {
    const tenth = phase === 'seeding' && total > 0 ? Math.floor((10 * done) / total) : last;
    if (tenth !== last) console.log(`Making the demo centre: ${10 * tenth} %`);
    last = tenth;
  });
  return server;
}

function openConsole(serverUrl: string): Promise<ConsoleApp> {
  const runtime = readRuntime();
  mkdirSync(DEMO_PROFILE_DIR, { recursive: true });
  return launchConsole({
    appDir: PROJECT_ROOT,
    electronPath: runtime.electronPath,
    nativeBinding: runtime.nativeBinding,
    profileDir: process.env.HOTLINE_PROFILE_DIR || DEMO_PROFILE_DIR,
    mode: 'demo',
    serverUrl,
    display: process.env.DISPLAY ?? '',
    noSandbox: sandboxArguments().length > 0,
    logFile: path.join(PICTURES, 'console-output.log'),
  });
}

/** @returns what the status bar says this computer holds */
async function waitForFirstSync(seat: Seat): Promise<string> {
  const banner = seat.get(TEST_IDS.statusSync);
  let shown = '';
  await seat.waitForConnection('online', 60_000);
  await waitFor(
    'the first sync is complete',
    async () => {
      const text = (await banner.count()) > 0 ? ((await banner.textContent().catch(() => '')) ?? '') : '';
      const share = /([\d,]+) \/ ([\d,]+)/.exec(text);
      const percent = share ? Math.floor((100 * toNumber(share[1])) / Math.max(1, toNumber(share[2]))) : 100;
      const line = `First sync: ${percent - (percent % 10)} %`;
      if (line !== shown && share) console.log(line);
      shown = line;
      return share === null;
    },
    FIRST_SYNC_LIMIT_MS,
  );
  return ((await seat.get(TEST_IDS.statusScope).textContent()) ?? '').trim();
}

function toNumber(text = ''): number {
  return Number(text.replaceAll(',', ''));
}

/** One call of a scenario from the ring to the end of wrap-up. */
async function takeCall(app: ConsoleApp, seat: Seat, scenarioId: string): Promise<void> {
  const scenario = forceUnwrap(
    `There is a scenario ${scenarioId}`,
    demoScenarioFileSchema.parse(scenariosFile).scenarios.find(({ id }) => id === scenarioId),
  );
  const caller = forceUnwrap(
    'Its caller is known',
    demoCallerFileSchema.parse(callersFile).callers.find(({ id }) => id === scenario.caller),
  );
  await seat.prepareCaller(caller.ani, caller.name);
  await step(
    'ring → citizen on the screen',
    async () => {
      await seat.letRing();
      await seat.get(TEST_IDS.citizenPanel).getByText(caller.name).first().waitFor();
    },
    () => scenario.topic,
  );
  await takePicture(app, 'ring');
  await step('answered', () => seat.answer());
  await seat.write({
    type: scenario.type,
    category: scenario.categoryCode,
    title: scenario.model.title,
    content: scenario.model.content,
    originalWords: scenario.opening,
    address: scenario.place.address,
    ...(scenario.place.divisionCode ? { division: scenario.place.divisionCode } : {}),
  });
  await takePicture(app, 'intake');
  if (scenario.outcome === 'direct_answer') {
    await step('answered directly', () => seat.answerDirectly(scenario.model.answer ?? ''));
  } else {
    await step('ticket submitted', () => seat.submit());
  }
  await seat.hangUp();
  await seat.finishWrapUp();
}

/** Waits until the server has the tickets and the console knows it. */
async function waitForNewTickets(seat: Seat, url: string, since: number, count: number): Promise<void> {
  await waitFor('the server has the tickets', async () => (await readNewTickets(url, since)).length >= count, 60_000);
  await seat.waitForOutbox(0, 60_000);
}

/** The tickets of this shift as the server tells them over its API. */
async function readNewTickets(url: string, since: number): Promise<readonly Ticket[]> {
  accessToken ??= await signInAtServer(url);
  const answer = await fetch(`${url}/api/v1/tickets?limit=20`, { headers: { authorization: `Bearer ${accessToken}` } });
  const { tickets } = z.object({ tickets: z.array(ticketSchema) }).parse(await answer.json());
  return tickets.filter((ticket) => ticket.createdAt >= since && ticket.createdByName === agent.name);
}

async function signInAtServer(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: agent.account, password: agent.password, console: randomUUID() }),
  });
  return tokensSchema.parse(await answer.json()).accessToken;
}

async function step<T>(what: string, run: () => Promise<T>, note: (result: T) => string = () => ''): Promise<T> {
  const begun = performance.now();
  const result = await run();
  const ms = performance.now() - begun;
  steps.push({ what, ms, note: note(result) });
  console.log(`· ${what}`);
  return result;
}

async function takePicture(app: ConsoleApp, name: string): Promise<void> {
  pictures += 1;
  await app.page.mouse.move(0, 0);
  await app.page.screenshot({ path: path.join(PICTURES, `${String(pictures).padStart(2, '0')}-${name}.png`) });
}

function printSummary(tickets: readonly Ticket[]): void {
  const width = Math.max(...steps.map(({ what }) => what.length));
  console.log('\nThe demo shift');
  for (const { what, ms, note } of steps) {
    const time = ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
    console.log(`  ${what.padEnd(width)}  ${time.padStart(9)}  ${note}`);
  }
  console.log('\nTickets of this shift on the server, each exactly once:');
  for (const { number, acceptedAt, status, madeOffline, fields } of tickets) {
    const written = number === null ? '(no number)' : formatTicketNumber(number, acceptedAt ?? 0);
    console.log(
      `  ${written}  ${status.padEnd(13)}  ${madeOffline ? 'made offline' : 'made online '}  ${fields.title}`,
    );
  }
  console.log(`\nPictures: ${path.relative(process.cwd(), PICTURES)}/`);
}
