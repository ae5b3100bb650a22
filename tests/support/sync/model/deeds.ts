import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import type { EventId, OpId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { ModelConsole } from './model-console.ts';

/** Something a person did at a console: from the moment the call returned it is promised to them. */
export interface Deed {
  readonly op: Op;
  readonly self: ModelConsole;
  /** Decisions about the ticket that its author had before their eyes. */
  readonly seen: ReadonlySet<string>;
}

/** Everything that was done at the consoles, by the id of its operation. */
export class Deeds {
  readonly all = new Map<OpId, Deed>();

  /** Writes down what a console has done since the last look, before anything of it can be sent. */
  note(self: ModelConsole): void {
    if (!self.isUp) return;
    for (const { op } of self.outbox) {
      if (this.all.has(op.opId)) continue;
      const events = findTicket(self.work.db, op.uid)?.ticket.events ?? [];
      const seen = new Set<string>(events.filter(({ act }) => act).map(({ id }) => id));
      this.all.set(op.opId, { op, self, seen });
    }
  }
}

/** What a person wrote with an operation; empty for one without words. */
export function wordsOf({ args }: Op): string {
  if ('words' in args) return args.words;
  return 'text' in args ? args.text : '';
}

/** The event that an operation leaves in the history of its ticket; null for one that makes a document or a person. */
export function eventOf({ args }: Op): EventId | null {
  return 'eventId' in args ? args.eventId : null;
}
