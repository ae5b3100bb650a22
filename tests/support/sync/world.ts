import { afterEach } from 'vitest';
import type { SyncTimeouts } from '#main/data/sync/sync-context.ts';
import type { Role } from '#shared/domain/roles.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { prepareTempFolders } from '../data/temp-folder.ts';
import { createTestDatabase, type TestDatabase } from '../postgres-global.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { waitUntilSynced } from './agreement.ts';
import { type Fault, FaultyNetwork } from './faulty-network.ts';
import { Seat } from './seat.ts';

/** An agent who only reads, to ask the server what it holds. */
export const OBSERVER = 'watch9001';

export interface WorldOptions {
  readonly seats: number;
  /** Where the seats’ requests go instead of to {@link World.server}, e.g. a proxy or another process on its database. */
  readonly address?: (server: TestServer) => Promise<() => string>;
  /** Chance of the seats' own decisions (backoff). */
  readonly random?: (seat: number) => () => number;
  /** How long the seats wait for answers. */
  readonly timeouts?: SyncTimeouts;
  /** Roles of the seats by index; agents unless said otherwise. */
  readonly roles?: readonly Role[];
  /** See SeatOptions. */
  readonly applyEntry?: string;
  readonly indexEntry?: string;
}

/** A centre: one database, one server, seats that are signed in and hold everything the server has. */
export interface World {
  readonly seats: readonly Seat[];
  readonly network: FaultyNetwork;
  readonly database: TestDatabase;
  /** The server of the moment. */
  readonly server: TestServer;
  /** What happens to requests of a seat (by its index); nothing while null. */
  faultFor: ((seat: number, path: string) => Fault | null) | null;
  /** The server's process ends in order; nobody answers until {@link World.startServer}. */
  stopServer(): Promise<void>;
  /** One more console, signed in and with nothing but its account. */
  addSeat(): Promise<Seat>;
  /** Starts the server again, on its database or on another one. */
  startServer(database?: TestDatabase): Promise<void>;
}

export interface Worlds {
  open(options: WorldOptions): Promise<World>;
  /** Runs after the test, the last one first. */
  atEnd(work: () => Promise<unknown>): void;
}

/** Builds centres for tests and takes them down after each. */
export function prepareWorlds(): Worlds {
  const tempFolder = prepareTempFolders();
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  const atEnd = (work: () => Promise<unknown>) => void ends.push(work);

  const open = async (options: WorldOptions): Promise<World> => {
    const database = await createTestDatabase();
    atEnd(() => database.drop());
    let server = await startTestServer({ database });
    atEnd(() => server.stop());
    await server.addAccount({ account: OBSERVER });
    const address = options.address ? await options.address(server) : () => server.url;
    const network = new FaultyNetwork(address);
    const seats: Seat[] = [];
    const world: World = {
      seats,
      network,
      database,
      get server() {
        return server;
      },
      faultFor: null,
      stopServer: () => server.stop(),
      startServer: async (other = database) => {
        server = await startTestServer({ database: other });
      },
      addSeat: async () => {
        const index = seats.length;
        const account = `agent100${index}`;
        await server.addAccount({ account, role: options.roles?.[index] ?? 'agent' });
        const random = options.random?.(index);
        const seat = await Seat.open({
          account,
          folder: tempFolder(),
          connect: (self) =>
            network.connect({
              chooseFault: (path) => world.faultFor?.(index, path) ?? null,
              onKilled: () => self.kill(),
            }),
          ...(random ? { random } : {}),
          ...(options.timeouts ? { timeouts: options.timeouts } : {}),
          ...(options.applyEntry ? { applyEntry: options.applyEntry } : {}),
          ...(options.indexEntry ? { indexEntry: options.indexEntry } : {}),
        });
        seats.push(seat);
        return seat;
      },
    };
    atEnd(() => Promise.all(seats.map((seat) => seat.close())));
    for (let index = 0; index < options.seats; index++) await world.addSeat();
    await waitUntilSynced(server, seats);
    return world;
  };
  return { open, atEnd };
}

/** The n-th seat of a centre. */
export function seatOf(world: World, index: number): Seat {
  return forceUnwrap(`seat ${index}`, world.seats[index]);
}
