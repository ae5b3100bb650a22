import { Worker } from 'node:worker_threads';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import { listTicketIds, listTicketRows } from '#main/data/services/ticket.service.ts';
import type { WorkContext } from '#main/data/services/work-context.ts';
import { benchPhone } from './bench-tickets.ts';

/** A window asks so often: a caller, a page of a queue, in turns. */
const EVERY_MS = 15;
/** How often the processor time of this thread is noted down. */
const NOTE_MS = 1;
const KEPT_NOTES = 2_000;

/** Asks from a thread of its own, as a window does: it says when, whoever is busy here. */
const WINDOW = `
const { parentPort } = require('node:worker_threads');
setInterval(() => parentPort.postMessage(performance.timeOrigin + performance.now()), ${EVERY_MS});
`;

/** What was asked while something else ran, ms from the question to the answer. */
export interface Rings {
  /** By the clock. */
  readonly waits: readonly number[];
  /** By the processor time of the thread that answers (at most 1 ms of the clock earlier included): what others do on the machine does not count. Linux notes it down in steps of up to 4 ms. */
  readonly work: readonly number[];
  stop(): Promise<void>;
}

/** Begins to ask for callers and pages of a queue. */
export function startRings(context: WorkContext, citizens: number): Rings {
  const waits: number[] = [];
  const work: number[] = [];
  const notes: { readonly at: number; readonly used: number }[] = [];
  const note = () => {
    notes.push({ at: wallMs(), used: threadMs() });
    if (notes.length > 2 * KEPT_NOTES) notes.splice(0, KEPT_NOTES);
  };
  note();
  const noting = setInterval(note, NOTE_MS);
  const window = new Worker(WINDOW, { eval: true });
  window.on('message', (asked: number) => {
    const nth = waits.length;
    if (nth % 2 === 0) lookUpCaller(context, benchPhone(nth % citizens));
    else
      listTicketRows(context, listTicketIds(context, { kind: 'queue', statuses: ['to_dispatch', 'handling'] }, 50).ids);
    waits.push(wallMs() - asked);
    work.push(threadMs() - (notes.findLast(({ at }) => at <= asked)?.used ?? 0));
  });
  return {
    waits,
    work,
    stop: async () => {
      clearInterval(noting);
      await window.terminate();
    },
  };
}

function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Processor time of this thread so far. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
