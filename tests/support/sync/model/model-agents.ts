import { findCitizen } from '#main/data/repositories/citizen.repository.ts';
import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import { savePerson } from '#main/data/services/person-edit.service.ts';
import { addNote } from '#main/data/services/ticket.service.ts';
import { withdrawNote } from '#main/data/services/withdraw.service.ts';
import type { PersonChanges } from '#shared/contract/citizen.contract.ts';
import type { CitizenId, EventId, TicketId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { Promised } from './checks.ts';
import type { ModelConsole } from './model-console.ts';
import { UNSTORABLE } from './model-postgres.ts';
import type { ModelWorld } from './model-world.ts';

const PHONES = ['13900000001', '13900000002', '13900000003', '13900000004'];
/** A few people whose records everybody writes in: those who called first, and some who were there before. */
const HOT_PEOPLE = `SELECT uid FROM (SELECT uid FROM citizens WHERE uid < '019f' ORDER BY uid LIMIT 4)
  UNION ALL SELECT uid FROM (SELECT uid FROM citizens WHERE uid > '019f' ORDER BY uid LIMIT 4)`;
/** A few tickets everybody writes on. */
const HOT_TICKETS = 'SELECT uid FROM tickets ORDER BY id DESC LIMIT 6';

/** The people at the consoles: what a call returned from is a promise, and is written down here. */
export class ModelAgents {
  readonly promised: Promised = { tickets: new Map(), notes: [] };
  readonly #world: ModelWorld;
  /** Tickets that cannot be stored; what is written on them cannot be either. */
  readonly #doomed = new Set<string>();
  #withdrawable: { self: ModelConsole; uid: TicketId; eventId: EventId }[] = [];
  #written = 0;

  constructor(world: ModelWorld) {
    this.#world = world;
  }

  /** One agent does one thing. */
  act(at?: ModelConsole): void {
    const world = this.#world;
    const up = at ? [at] : world.consoles.filter((each) => each.isUp);
    if (up.length === 0) return;
    const self = world.pick(up);
    const text = `第${++this.#written}件`;
    if (world.happens(0.12) && this.#withdraw(text)) return;
    if (world.happens(world.personShare) && this.#correctPerson(self, text)) return;
    const isDoomed = world.happens(world.unstorableShare);
    const words = isDoomed ? `${text}${UNSTORABLE}` : text;
    const known = world.happens(0.7) ? self.work.db.values<TicketId>(HOT_TICKETS) : [];
    if (known.length === 0) {
      const uid = self.submit(words, world.pick(PHONES));
      if (isDoomed) this.#doomed.add(uid);
      else this.promised.tickets.set(uid, text);
      return;
    }
    const uid = world.pick(known);
    const eventId = addNote(self.work, uid, { kind: world.happens(0.3) ? 'remind' : 'note', text: words });
    if (isDoomed || this.#doomed.has(uid)) return;
    this.promised.notes.push({ uid, eventId, text });
    this.#withdrawable.push({ self, uid, eventId });
  }

  /** From now on nothing that was written before is taken back. */
  forgetWithdrawals(): void {
    this.#withdrawable = [];
  }

  /** What an operation promised will not be: the only disk that held it is lost. */
  writeOff(op: Op): void {
    const { tickets, notes } = this.promised;
    if (op.kind === 'ticket.create') tickets.delete(op.uid);
    if (op.kind !== 'ticket.note') return;
    const index = notes.findIndex(({ uid, text }) => uid === op.uid && text === op.args.text);
    if (index >= 0) notes.splice(index, 1);
  }

  /** Takes the last note back: gone as if it had not been written, or another note says so. */
  #withdraw(text: string): boolean {
    const index = this.#withdrawable.findLastIndex(({ self }) => self.isUp);
    const [note] = index < 0 ? [] : this.#withdrawable.splice(index, 1);
    if (!note) return false;
    const { self, uid, eventId } = note;
    // Off the ticket when it was refused meanwhile, and until the next pull when an answer that is older than its confirmation came late.
    // That hides no loss: it stays promised, so that the server has to have it in the end, and on the screen while it waits.
    if (!findTicket(self.work.db, uid)?.ticket.events.some(({ id }) => id === eventId)) return false;
    const { notes } = this.promised;
    if (withdrawNote(self.work, uid, eventId, text) === 'noted') notes.push({ uid, eventId: '', text });
    else {
      const gone = notes.findIndex((each) => each.eventId === eventId);
      notes.splice(gone, 1);
    }
    return true;
  }

  /** Writes one thing or two into the record of a person; whose word stands is the server's to say, field by field. */
  #correctPerson(self: ModelConsole, text: string): boolean {
    const known = self.work.db.values<CitizenId>(HOT_PEOPLE);
    if (known.length === 0) return false;
    const uid = this.#world.pick(known);
    const seenAt = findCitizen(self.work.db, uid)?.updatedAt ?? 0;
    const changes: PersonChanges[] = [
      { remark: text },
      { name: `市民${text}` },
      { gender: this.#world.pick(['male', 'female'] as const), ageBand: 'senior' },
    ];
    savePerson(self.work, { uid, seenAt, changes: this.#world.pick(changes) });
    return true;
  }
}
