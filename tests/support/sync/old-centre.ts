import { expect } from 'vitest';
import type { TicketId } from '#shared/kernel/ids.ts';
import { until } from '../data/until.ts';
import { monthScope } from '../server.ts';
import { noteBody, TestConsole } from '../test-console.ts';
import { expectAgreement, waitUntilSynced } from './agreement.ts';
import type { Fault } from './faulty-network.ts';
import type { Seat } from './seat.ts';
import { fillCentre, makeSegments, oldTickets } from './segments.ts';
import { OBSERVER, type World, type WorldOptions, type Worlds } from './world.ts';

/** The scope of the line that all old tickets came in on. */
export const OLD_SCOPE = monthScope();
/** So many that after a few segments the console is still far behind. */
export const MANY = 7_000;
export const LONG_TIMEOUT = 120_000;

const isSegment = (path: string) => /\/sync\/segments\/./.test(path);

/** A centre with a long history, packed into segments of 500 changes, and nobody signed in yet. */
export interface OldCentre {
  readonly world: World;
  /** Paths of the requests of all seats. */
  readonly paths: string[];
  readonly uids: readonly TicketId[];
  /** Faults of requests for segments, by how many there were before. */
  fault: (nth: number) => Fault | null;
  /** Faults of all other requests. */
  otherFault: (path: string) => Fault | null;
}

export function prepareOldCentres(worlds: Worlds) {
  return async (tickets = 1_200, options: Omit<WorldOptions, 'seats'> = {}): Promise<OldCentre> => {
    const world = await worlds.open({ seats: 0, ...options });
    const rows = oldTickets(tickets);
    await fillCentre(world, rows);
    expect(await makeSegments(world)).toEqual([OLD_SCOPE]);
    const centre: OldCentre = {
      world,
      paths: [],
      uids: rows.map(({ uid }) => uid),
      fault: () => null,
      otherFault: () => null,
    };
    world.faultFor = (_, path) => {
      const nth = countSegments(centre);
      centre.paths.push(path);
      return isSegment(path) ? centre.fault(nth) : centre.otherFault(path);
    };
    return centre;
  };
}

/** Requests for segments so far. */
export const countSegments = ({ paths }: OldCentre) => paths.filter(isSegment).length;
/** Requests so far whose path ends so. */
export const countRequests = ({ paths }: OldCentre, end: string) => paths.filter((path) => path.endsWith(end)).length;
export const countPulls = (centre: OldCentre) => countRequests(centre, '/sync/pull');

/** Rows of the old scope at a seat. */
export const countRows = (seat: Seat) => seat.scopes.find(({ scope }) => scope === OLD_SCOPE)?.count ?? 0;

/** A colleague writes a note beside the seats. */
export async function note({ world }: OldCentre, uid: TicketId | undefined, text: string): Promise<void> {
  const colleague = await new TestConsole(world.server.url).signIn(OBSERVER);
  await colleague.push([colleague.op(noteBody(uid as TicketId, text))]);
}

/** Waits until seats have everything, and compares it row by row. */
export async function expectEqual({ world }: OldCentre, ...seats: readonly Seat[]): Promise<void> {
  await waitUntilSynced(world.server, seats, LONG_TIMEOUT / 2);
  await expectAgreement(world.server, seats, OBSERVER);
}

/** Starts a seat whose console is killed after some segments have come, and waits for that. */
export async function openKilledSeat(centre: OldCentre, segments: number): Promise<Seat> {
  centre.fault = (nth) => (nth === segments ? 'killed-before-reply' : null);
  const seat = await centre.world.addSeat();
  await until('the console is dead', () => !seat.isUp);
  centre.paths.length = 0;
  centre.fault = () => null;
  return seat;
}
