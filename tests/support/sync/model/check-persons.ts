import { expect } from 'vitest';
import type { CitizenChanges } from '#shared/domain/citizen-changes.ts';
import type { Op, OpResult } from '#shared/sync/wire.ts';
import type { ModelRow } from './copy-text.ts';
import type { ModelWorld } from './model-world.ts';

const PLAIN = ['name', 'gender', 'remark', 'ageBand'] as const;
type Plain = Partial<Record<(typeof PLAIN)[number], unknown>>;

/**
 * Told anew from what was sent, in the order in which the server took it: of every field of a person the last one to write it stands, whatever else others
 * wrote into the record, and every former state is kept under its version.
 */
export function checkPersons({ centre, sent }: ModelWorld): void {
  const { citizens, history } = centre.database.tables;
  const told = new Map<string, Plain[]>([...centre.imported].map(([uid, { fields }]) => [uid, [plainOf(fields)]]));
  for (const op of takenInOrder(centre.database.tables.opLog.values(), sent)) {
    const states = told.get(op.uid) ?? [];
    const last = states.at(-1);
    if (op.kind === 'citizen.upsert' && !last) told.set(op.uid, [plainOf(op.args.fields)]);
    if (op.kind !== 'citizen.change' || !last) continue;
    const next = { ...last, ...written(op.args.changes) };
    if (PLAIN.some((field) => next[field] !== last[field])) told.set(op.uid, [...states, next]);
  }
  for (const [uid, row] of citizens) {
    const states = told.get(uid) ?? [];
    expect(plainOf(row.fields), `fields of a person as they were written last, ${uid}`).toEqual(states.at(-1));
    const kept = states.slice(0, -1).map((_, index) => plainOf(history.get(`${uid}/${index + 1}`)?.fields));
    expect(kept, `former fields of a person, ${uid}`).toEqual(states.slice(0, -1));
  }
}

/** What the server took, each once. */
function* takenInOrder(log: Iterable<ModelRow>, sent: ReadonlyMap<string, Op>): Generator<Op> {
  const seen = new Set<string>();
  for (const { op_id, result } of log) {
    const id = String(op_id);
    const { code } = result as OpResult;
    const op = sent.get(id);
    // A change that was there already changes nothing here either.
    if (!op || seen.has(id) || (code !== 'applied' && code !== 'merged' && code !== 'duplicate')) continue;
    seen.add(id);
    yield op;
  }
}

function written(changes: CitizenChanges): Plain {
  return Object.fromEntries(PLAIN.filter((field) => field in changes).map((field) => [field, changes[field]]));
}

function plainOf(fields: unknown): Plain {
  const known = (fields ?? {}) as Plain;
  return Object.fromEntries(PLAIN.map((field) => [field, known[field]]));
}
