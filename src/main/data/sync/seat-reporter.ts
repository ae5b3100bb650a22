import { reportAnswerSchema } from '#shared/contract/board.contract.ts';
import {
  REPORTED_DAYS,
  SEAT_ALIVE_MS,
  type SeatDay,
  type SeatReport,
  type SeatState,
} from '#shared/domain/board/seat-report.ts';
import { DAY_MS, dayOf, dayOfDate, startOfDay } from '#shared/domain/clock/beijing-day.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import { countSeatDays } from '../repositories/seat-day.repository.ts';
import type { ServerClient } from './server-client.ts';
import type { SyncContext } from './sync-context.ts';

/** Changes within this time go out as one. */
const GATHER_MS = 1_000;
/** A server that does not know seats, or not this one, is asked again after so long. */
const REFUSED_MS = 10 * 60_000;
/** Last day that the server was told of. */
const TOLD_DAY = 'seat-told-day';
const LONGEST_SPAN_MS = 30 * DAY_MS;

export type SeatReporterDeps = Pick<SyncContext, 'db' | 'clock' | 'elapsed' | 'timeouts' | 'write'> & {
  readonly client: Pick<ServerClient, 'post'>;
  /** False while the server is known to be away: nothing is tried then. A full disk does not make it so. */
  readonly isOnline: () => boolean;
  readonly onError: (error: unknown) => void;
};

/** Tells the server what goes on at this seat: beside the sync, one small request at a time, and never of its own accord while it is away. */
export interface SeatReporter {
  /** The seat changed. */
  tell(state: SeatState): void;
  /** A call was written down, or the server answers again: tell what it does not know. */
  wake(): void;
  stop(): void;
}

export function createSeatReporter(deps: SeatReporterDeps): SeatReporter {
  let last: { readonly state: SeatState; readonly at: number } | null = null;
  /** The server did not take the last state yet. */
  let isNew = false;
  let toldDays = '';
  let timer: NodeJS.Timeout | null = null;
  let dueAt = Number.POSITIVE_INFINITY;
  let isSending = false;
  const stopper = new AbortController();

  /** Sends in so long, or sooner when that was planned. */
  const plan = (ms: number) => {
    const at = deps.elapsed() + ms;
    if (stopper.signal.aborted || at >= dueAt) return;
    if (timer) clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => {
      timer = null;
      dueAt = Number.POSITIVE_INFINITY;
      void send().catch(deps.onError);
    }, ms);
    timer.unref();
  };

  const send = async () => {
    if (!last || isSending || stopper.signal.aborted) return;
    // The next answer of the server wakes it.
    if (!deps.isOnline()) return;
    isSending = true;
    const sent = last;
    let isTold = false;
    let wait = SEAT_ALIVE_MS;
    try {
      const days = findDays(deps);
      const report: SeatReport = {
        sentAt: deps.clock.now(),
        state: grown(sent.state, deps.elapsed() - sent.at),
        days: [...days],
      };
      const body = JSON.stringify(report);
      const reply = await deps.client.post(
        '/board/seat',
        body,
        reportAnswerSchema,
        deps.timeouts.helloMs,
        stopper.signal,
      );
      if (stopper.signal.aborted) return;
      if (reply.kind === 'answer') {
        isTold = reply.value.isTaken;
        if (isTold) {
          toldDays = JSON.stringify(days);
          noteDay(deps);
        }
      } else if (reply.kind === 'refused') {
        wait = reply.status === 429 ? (reply.retryAfterMs ?? SEAT_ALIVE_MS) : REFUSED_MS;
      }
    } finally {
      // Whatever failed, the next one is planned: what was not taken is told again, a sign-out as well.
      isSending = false;
      const hasChanged = last !== sent;
      isNew = hasChanged || !isTold;
      if (hasChanged) plan(Math.min(wait, GATHER_MS));
      else if (isNew || sent.state.position !== 'signed-out') plan(wait);
    }
  };

  return {
    tell: (state) => {
      last = { state, at: deps.elapsed() };
      isNew = true;
      if (!isSending) plan(GATHER_MS);
    },
    wake: () => {
      if (!last || isSending) return;
      if (isNew || JSON.stringify(findDays(deps)) !== toldDays) plan(GATHER_MS);
      else if (last.state.position !== 'signed-out' && dueAt === Number.POSITIVE_INFINITY) plan(GATHER_MS);
    },
    stop: () => {
      stopper.abort();
      if (timer) clearTimeout(timer);
    },
  };
}

/** The days the server may not know: from the last one it was told of until now, those that are in figures still. */
function findDays({ db, clock }: Pick<SeatReporterDeps, 'db' | 'clock'>): readonly SeatDay[] {
  const today = dayOf(clock.now());
  const told = findSetting(db, TOLD_DAY);
  const oldest = today - REPORTED_DAYS + 1;
  const from = Math.min(today, Math.max(oldest, told === null ? oldest : dayOfDate(told)));
  // A clock that was set back leaves calls of days to come behind.
  return countSeatDays(db, startOfDay(from)).filter(({ day }) => dayOfDate(day) <= today);
}

function noteDay({ db, clock, write }: Pick<SeatReporterDeps, 'db' | 'clock' | 'write'>): void {
  const day = new Date(dayOf(clock.now()) * DAY_MS).toISOString().slice(0, 10);
  if (findSetting(db, TOLD_DAY) !== day) write(() => saveSetting(db, TOLD_DAY, day));
}

/** A state some time after it was told. */
function grown({ forMs, call, waiting, ...state }: SeatState, ms: number): SeatState {
  const more = (span: number) => Math.min(LONGEST_SPAN_MS, Math.max(0, Math.round(span + ms)));
  return {
    ...state,
    forMs: more(forMs),
    call: call && { ...call, forMs: more(call.forMs) },
    waiting: waiting.map((one) => ({ ...one, longestMs: more(one.longestMs) })),
  };
}
