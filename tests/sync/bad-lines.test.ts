import { expect, test } from 'vitest';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { until } from '#tests/support/data/until.ts';
import { createLedger, expectAgreement, expectOnceAtServer, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { type BadLine, type LineState, openBadLine } from '#tests/support/sync/bad-line.ts';
import { OBSERVER, prepareWorlds, seatOf } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();

/** Long enough for an honest answer on a busy machine, short enough for a test to wait for several. */
const PATIENCE = { helloMs: 2_000, pushMs: 2_000, pullMs: 2_000 };

const LINES: Readonly<Record<Exclude<LineState, 'good'>, string>> = {
  dead: 'a line that swallows everything and looks alive',
  deaf: 'a line that brings every push and no answer',
  'one-byte-a-second': 'a line that lets one byte a second through',
};

for (const [state, line] of Object.entries(LINES) as [Exclude<LineState, 'good'>, string][]) {
  test(`${line}: the console says that it is offline, work goes on, and later everything is there once`, async () => {
    let badLine: BadLine | null = null;
    const world = await worlds.open({
      seats: 2,
      timeouts: PATIENCE,
      address: async (server) => {
        badLine = await openBadLine(() => server.url);
        worlds.atEnd(async () => badLine?.close());
        return () => badLine?.url ?? '';
      },
    });
    const seat = seatOf(world, 0);
    const link = forceUnwrap('the line is open', badLine as BadLine | null);
    const ledger = createLedger();
    const write = (title: string) => {
      const uid = seat.submit({ title });
      ledger.tickets.set(uid, { title, outcome: 'submit' });
      return uid;
    };
    link.state = state;
    for (let n = 0; n < 10; n++) write(`线路不好时写的 ${n}`);
    await until('the console noticed', () => {
      seat.wake();
      return seat.status.connection === 'offline';
    });
    expect(link.lost).toBeGreaterThan(0);
    // Nothing of the work waits for the line.
    const uid = write('离线写的');
    seat.note(uid, 'note', '补充');
    ledger.notes.push({ uid, kind: 'note', text: '补充' });
    expect(seat.status.outbox.waiting).toBeGreaterThan(10);

    link.state = 'good';
    await waitUntilSynced(world.server, world.seats);
    await expectOnceAtServer(world.server, ledger);
    await expectAgreement(world.server, world.seats, OBSERVER);
  });
}
