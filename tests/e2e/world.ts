import path from 'node:path';
import { test as base } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { Seat } from '../../scripts/driver/seat.ts';
import { Bootstrap } from '../support/bootstrap.ts';
import { TestConsole } from '../support/test-console.ts';

export { expect } from '@playwright/test';

export const AGENT = { account: 'demo1001', password: 'Demo-12345' } as const;

/** The console with an agent signed in and connected, not yet ready for calls. */
export async function startOnline(world: Bootstrap): Promise<Seat> {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  return seat;
}

const COLLEAGUE = { account: 'demo1002', password: 'Demo-12345' } as const;

/** A second agent at a console of their own, connected, not yet ready for calls. */
export async function startSecondSeat(world: Bootstrap): Promise<Seat> {
  const { page } = await world.launch({ profileDir: path.join(world.artifacts, 'second-seat') });
  const seat = new Seat(page);
  await seat.startShift(COLLEAGUE.account, COLLEAGUE.password);
  await seat.waitForConnection('online');
  return seat;
}

/** The same colleague at a console without a window, with a session at the server. */
export async function startColleague(world: Bootstrap): Promise<TestConsole> {
  const colleague = new TestConsole(forceUnwrap('a server', world.serverUrl));
  colleague.mode = 'demo';
  await colleague.signIn(COLLEAGUE.account, COLLEAGUE.password);
  await colleague.hello();
  return colleague;
}

/** Ends the shift of whoever is signed in, and begins that of somebody else at the same console. */
export async function changePerson(
  world: Bootstrap,
  person: { readonly account: string; readonly password: string },
): Promise<void> {
  const { seat } = world;
  await world.app.page.keyboard.press('Control+Shift+L');
  await seat.get(TEST_IDS.signInAccount).waitFor();
  await seat.startShift(person.account, person.password);
  await seat.waitForConnection('online');
}

/** Gives the agent's account another role at the server: of some, their work is refused. */
export async function setAgentRole(world: Bootstrap, role: string): Promise<void> {
  await world.sql('UPDATE users SET role = $2 WHERE account = $1', [AGENT.account, role]);
}

/** The server comes back from a backup that lacks one of the tickets the agent's console holds. */
export async function restoreOlderServer(world: Bootstrap, seat: Seat): Promise<void> {
  await world.stopServer();
  await seat.waitForConnection('offline', 60_000);
  const [lost] = await world.sql<{ uid: string }>(
    "SELECT uid FROM tickets WHERE line = '12345' ORDER BY number DESC LIMIT 1",
  );
  await world.sql('DELETE FROM ticket_events WHERE ticket_uid = $1', [lost?.uid]);
  await world.sql('DELETE FROM tickets WHERE uid = $1', [lost?.uid]);
  await world.sql('UPDATE clocks SET epoch = epoch + 1');
  await world.startServer();
  await seat.waitForConnection('online', 60_000);
}

/**
 * Tests with a world of their own: `world` with a server, `cutWorld` with a network that can be cut, `lonelyWorld` with the
 * application alone.
 */
export const test = base.extend<{ world: Bootstrap; cutWorld: Bootstrap; lonelyWorld: Bootstrap }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture needs from this pattern
  world: async ({}, use, info) => {
    const world = await Bootstrap.open(info);
    await use(world);
    await world.close(info);
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  cutWorld: async ({}, use, info) => {
    const world = await Bootstrap.open(info, { throughProxy: true });
    await use(world);
    await world.close(info);
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  lonelyWorld: async ({}, use, info) => {
    const world = await Bootstrap.open(info, { withServer: false });
    await use(world);
    await world.close(info);
  },
});
