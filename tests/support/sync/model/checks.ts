import { expect } from 'vitest';
import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { ModelRow } from './copy-text.ts';
import type { ModelCentre } from './model-centre.ts';
import type { ModelConsole } from './model-console.ts';
import { UNSTORABLE } from './model-postgres.ts';

/** What agents were told is done. */
export interface Promised {
  readonly tickets: Map<string, string>;
  readonly notes: { readonly uid: string; readonly eventId: string; readonly text: string }[];
}

/** By the server's tables: everything that was promised is there exactly once, and nothing else. */
export function checkOnce({ database }: ModelCentre, { tickets, notes }: Promised): void {
  const { tables } = database;
  const titles = (rows: Iterable<readonly [string, string]>) =>
    [...rows].map(([uid, title]) => `${uid} ${title}`).sort();
  const stored = [...tables.tickets.values()].map(({ uid, doc }) => {
    return [String(uid), (doc as Pick<Ticket, 'fields'>).fields.title] as const;
  });
  expect(titles(stored), 'tickets at the server are those that were acknowledged').toEqual(titles(tickets));
  const written = [...tables.events.values()].flat().filter(({ kind }) => kind === 'note' || kind === 'remind');
  expect(
    written.map(({ ticket_uid, body }) => `${ticket_uid} ${body}`).sort(),
    'notes at the server are those that were acknowledged, each once',
  ).toEqual(notes.map(({ uid, text }) => `${uid} ${text}`).sort());
  const numbers = [...tables.tickets.values()].map(({ number }) => number);
  expect(new Set(numbers).size, 'every ticket has a number of its own').toBe(numbers.length);
}

/** Outboxes are empty, or what is left in them was visibly refused for what it holds. */
export function checkOutbox(self: ModelConsole, { database: { tables }, removed }: ModelCentre): void {
  for (const { op, state, lastError } of self.outbox) {
    const text = JSON.stringify(op);
    const why = `${op.kind} of ${self.name} is ${state}: ${lastError?.code ?? ''} ${lastError?.detail ?? ''}`;
    const isExplained =
      (state === 'rejected' && text.includes(UNSTORABLE)) ||
      (state === 'blocked' && lastError?.code === 'DEPENDENCY_REJECTED') ||
      // Sent again after a restore while a late copy of the first time arrived: the very ticket is there.
      (state === 'rejected' &&
        op.kind === 'ticket.create' &&
        lastError?.code === 'UID_TAKEN' &&
        titleOf(tables.tickets.get(op.uid)) === op.args.fields.title) ||
      // A word about somebody whose record the centre took away meanwhile.
      (state === 'rejected' && lastError?.code === 'NOT_FOUND' && removed.has(op.uid)) ||
      // A note on a ticket that could not be stored.
      (state === 'rejected' && lastError?.code === 'NOT_FOUND' && isOfRefused(self, op.uid));
    if (!isExplained) throw new Error(`an unexplained operation is left: ${why}`);
  }
}

function titleOf(row: ModelRow | undefined): string | undefined {
  return row && (row.doc as Pick<Ticket, 'fields'>).fields.title;
}

function isOfRefused(self: ModelConsole, uid: string): boolean {
  return self.outbox.some(({ op, state }) => op.uid === uid && op.kind === 'ticket.create' && state === 'rejected');
}

/** Reads never go back: a version that was shown is not followed by an older one. */
export function watchMonotonic(): { look: (self: ModelConsole) => void; forget: (self?: ModelConsole) => void } {
  const seen = new Map<ModelConsole, Map<string, number>>();
  return {
    look: (self) => {
      if (!self.isUp) return;
      const known = seen.get(self) ?? new Map<string, number>();
      seen.set(self, known);
      const rows = self.work.db.all<{ uid: string; version: number }>(
        'SELECT uid, base_version AS version FROM tickets',
      );
      for (const { uid, version } of rows) {
        const before = known.get(uid) ?? 0;
        if (version < before) throw new Error(`${self.name} went back from version ${before} to ${version} of ${uid}`);
        known.set(uid, version);
      }
    },
    forget: (self) => {
      if (self) seen.delete(self);
      else seen.clear();
    },
  };
}

/**
 * What a person wrote stays on the screen while it waits.
 * @param isAnew the cache was lost: a ticket that no pull has brought yet shows nothing
 */
export function checkOwnWords(self: ModelConsole, isAnew = false): void {
  if (!self.isUp) return;
  for (const { op, state } of self.outbox) {
    if (op.kind !== 'ticket.note' || state !== 'waiting') continue;
    const { eventId } = op.args;
    const shown = findTicket(self.work.db, op.uid)?.ticket;
    if (isAnew && !shown) continue;
    if (!shown?.events.some(({ id }) => id === eventId)) {
      throw new Error(`${self.name} does not show its own words while they wait: ${op.args.text}`);
    }
  }
}

/** Count and digest never differ from the server's while nothing was restored: then rows were lost or doubled on the way. */
export function checkParity(self: ModelConsole): void {
  const differing = self.work.db.value<string>(
    `SELECT scope FROM scopes WHERE parity = 'different' AND deletes_held = 0`,
  );
  if (differing !== undefined && differing !== null) {
    throw new Error(`only the digest told ${self.name} that it differs from the server: ${differing}`);
  }
}
