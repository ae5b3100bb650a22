import { silentLog } from '#server/log.ts';
import { ServiceError } from '#server/service-error.ts';
import { actAsUnit, type UnitActDeps, type UnitRequest } from '#server/units/unit-act.ts';
import type { UnitKey } from '#server/units/unit-keys.ts';
import { type ActAction, mayAct, UNIT_ACTIONS } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { ModelRow } from './copy-text.ts';
import type { ModelWorld } from './model-world.ts';
import { sampleAct, UNITS } from './sample-decisions.ts';
import { UnknownStatement } from './statements.ts';

const KEY: UnitKey = {
  kind: 'unit',
  id: '019a0000-0000-7000-8000-00000000e001',
  centre: '320100',
  lines: ['12345'],
  units: [...UNITS],
  holder: '区级平台',
};

interface Seen {
  readonly uid: TicketId;
  readonly status: TicketStatus;
  readonly version: number;
}

/** The system of two units: it signs, returns and answers what it saw at its last look, and asks again when the line broke. */
export class DecidingUnit {
  /** Words the server said it has taken. */
  readonly promised: { readonly uid: string; readonly words: string }[] = [];
  readonly #world: ModelWorld;
  readonly #deps: UnitActDeps;
  #seen: readonly Seen[] = [];
  /** What it could not be sure of: sent again with the same key. */
  #unsure: UnitRequest | null = null;
  #asked = 0;

  constructor(world: ModelWorld) {
    this.#world = world;
    const { centre } = world;
    const { pool } = centre.database;
    // Its replies name no files here.
    const attachments = undefined as never;
    const { clock } = centre;
    this.#deps = { pool, clock, log: silentLog, poke: () => {}, clockSets: new Map(), attachments, mode: 'production' };
  }

  /** Looks at its tickets now and then, and decides about one as it saw it. @param only this, about what it sees now */
  async act(only?: ActAction): Promise<void> {
    if (only || this.#seen.length === 0 || this.#world.happens(0.4)) this.#look();
    const request = this.#unsure ?? this.#choose(only);
    if (!request) return;
    this.#unsure = request;
    try {
      await actAsUnit(this.#deps, KEY, request);
      this.promised.push({ uid: request.uid, words: request.words });
    } catch (error) {
      if (error instanceof UnknownStatement) throw error;
      // Killed in between, or its database away: nobody knows whether it was done.
      if (!(error instanceof ServiceError)) return;
    }
    this.#unsure = null;
  }

  /** Asks until it knows. */
  async settle(): Promise<void> {
    while (this.#unsure) await this.act();
  }

  #look(): void {
    const { tickets } = this.#world.centre.database.tables;
    this.#seen = [...tickets.values()].filter(({ unit }) => UNITS.some((one) => one === unit)).map(toSeen);
  }

  #choose(only?: ActAction): UnitRequest | null {
    const open = this.#seen.flatMap((seen) =>
      UNIT_ACTIONS.filter((action) => (!only || action === only) && mayAct('unit', seen.status, action)).map(
        (action) => ({ seen, action }),
      ),
    );
    if (open.length === 0) return null;
    const { seen, action } = this.#world.pick(open);
    const act = sampleAct(this.#world, action, seen as never, [], this.#world.centre.clock.now());
    const idempotencyKey = `request-${++this.#asked}`;
    const words = `单位答复${this.#asked}`;
    return act && { uid: seen.uid, seen, does: { as: 'lead', act }, words, idempotencyKey };
  }
}

function toSeen({ uid, status, version }: ModelRow): Seen {
  return { uid: uid as TicketId, status: status as TicketStatus, version: Number(version) };
}
