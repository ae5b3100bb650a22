import { tokensSchema } from '#shared/contract/server.contract.ts';
import { SEAT_ALIVE_MS, type SeatReport } from '#shared/domain/board/seat-report.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '../../log.ts';
import { createRng } from '../rng.ts';
import { type Simulator, startSimulator } from '../simulator.ts';
import { SimulatedSeat } from './simulated-seat.ts';

/** How often seats are looked at. */
const LOOK_MS = 1_000;

/** Who sits at a simulated seat, and the console it signs in from. */
export interface SeatAccount {
  readonly account: string;
  readonly password: string;
  readonly console: string;
  readonly lines: readonly Line[];
}

export interface SeatSimulatorParts {
  /** Base URL of the server. */
  readonly url: string;
  readonly accounts: readonly SeatAccount[];
  readonly seed: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Makes all times shorter, for tests: 0.01 is a hundred times as fast. */
  readonly pace?: number;
}

interface Desk {
  readonly who: SeatAccount;
  readonly seat: SimulatedSeat;
  token: string | null;
  toldAt: number;
}

/** Agents at work in a demo centre: they sign in and tell of their seats over the HTTP API that consoles use, and know nothing else of the server. */
export function startSeatSimulator({ url, accounts, seed, clock, log, pace = 1 }: SeatSimulatorParts): Simulator {
  const desks = accounts.map((who, index): Desk => {
    const seat = new SimulatedSeat(createRng(seed, 1_000 + index), who.lines, clock.now(), pace);
    return { who, seat, token: null, toldAt: Number.NEGATIVE_INFINITY };
  });

  const post = (path: string, body: object, token: string | null) =>
    fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });

  const signIn = async ({ account, password, console }: SeatAccount): Promise<string> => {
    const response = await post('/auth/login', { account, password, console }, null);
    if (!response.ok) throw new Error(`HTTP_${response.status}`);
    return tokensSchema.parse(await response.json()).accessToken;
  };

  const tell = async (desk: Desk): Promise<void> => {
    desk.token ??= await signIn(desk.who);
    const now = clock.now();
    const report: SeatReport = { sentAt: now, state: desk.seat.state(now), days: [...desk.seat.days()] };
    const response = await post('/board/seat', report, desk.token);
    await response.body?.cancel();
    if (response.status === 401) desk.token = null;
    else if (!response.ok && response.status !== 429) throw new Error(`HTTP_${response.status}`);
    if (response.ok) desk.toldAt = now;
  };

  return startSimulator({ event: 'seats.look-failed', everyMs: LOOK_MS * pace, log }, async (signal) => {
    const failures: unknown[] = [];
    for (const desk of desks) {
      if (signal.aborted) break;
      const now = clock.now();
      const hasChanged = desk.seat.moveTo(now);
      if (!hasChanged && now - desk.toldAt < SEAT_ALIVE_MS * pace) continue;
      // One that is not let in must not keep the others from their work.
      await tell(desk).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  });
}
