import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import type { WritableDb } from '#main/data/db/sqlite.ts';
import { findCitizen } from '#main/data/repositories/citizen.repository.ts';
import type { ScopeState } from '#main/data/repositories/scope.repository.ts';
import type { CitizenFields } from '#shared/domain/citizen.ts';
import type { SegmentEntry } from '#shared/sync/segments.ts';
import type { Op } from '#shared/sync/wire.ts';
import { breakFunction } from './breakable.ts';
import { type BrokenRule, onPath, rewriteOps } from './breaking.ts';
import type { ModelConsole } from './model-console.ts';
import type { ModelWorld } from './model-world.ts';

const LOST_WITH_CACHE = /lost with the cache|(tickets|notes) at the server are those that were acknowledged/;
const NOT_TOLD = /only the digest told|citizens of console/;

/** Rules for what a console and a centre come through: a lost cache, rows that go, a server that is ahead, segments; and for records of people. */
export const BROKEN_RECOVERY: readonly BrokenRule[] = [
  {
    rule: 'an operation is in the journal before anybody relies on it',
    breakIt: (world) => {
      world.opened = (_, { journal }) => {
        journal.append = () => {};
      };
    },
    complaint: LOST_WITH_CACHE,
    disaster: 'cache-lost',
  },
  {
    rule: 'an operation leaves the journal by its answer, not by being sent',
    breakIt: (world) => {
      const journals = new Map<ModelConsole, { acknowledge(ids: readonly string[]): void }>();
      world.opened = (self, { journal }) => journals.set(self, journal);
      onPath(world, '/sync/push', ({ body }, self, proper) => {
        if (self.isUp) journals.get(self)?.acknowledge((body as { ops: readonly Op[] }).ops.map(({ opId }) => opId));
        return proper();
      });
    },
    complaint: LOST_WITH_CACHE,
    disaster: 'cache-lost',
  },
  {
    rule: 'what the journal holds comes back when the cache has lost it',
    breakIt: () => breakFunction('recoverOps', () => () => []),
    complaint: LOST_WITH_CACHE,
    disaster: 'cache-lost',
  },
  {
    rule: 'more than a fifth of the rows does not go before a person agrees',
    breakIt: () => breakFunction('isMassDelete', () => () => false),
    complaint: /let many rows go before a person agreed/,
    disaster: 'rows-removed',
  },
  {
    rule: 'a delete that waits leaves the row where it is',
    breakIt: () =>
      breakFunction('holdDelete', () => (db: WritableDb, _: string, uid: string) => {
        db.run('DELETE FROM citizens WHERE uid = ?', uid);
      }),
    complaint: /let many rows go before a person agreed/,
    disaster: 'rows-removed',
  },
  {
    rule: 'a cursor from before what is remembered of removed rows is refused',
    breakIt: (world) => {
      world.centre.database.alter = (statement, rows) =>
        statement === 'read-clocks' ? rows.map((row) => ({ ...row, gone_floor: 0 })) : rows;
    },
    complaint: NOT_TOLD,
    disaster: 'rows-removed',
  },
  {
    rule: 'what does not come again is removed after a pull from the start',
    breakIt: () => breakFunction('sweepScope', () => () => Promise.resolve()),
    complaint: NOT_TOLD,
    disaster: 'rows-removed',
  },
  {
    rule: 'a row that cannot be read yet is kept',
    breakIt: () => breakFunction('parkRow', () => () => {}),
    complaint: /dropped a row that it cannot read yet/,
    disaster: 'server-updated',
  },
  {
    rule: 'a row that cannot be read yet does not hold up the others',
    breakIt: () =>
      breakFunction('parkRow', () => () => {
        throw new Error('a row of an unknown shape');
      }),
    complaint: /never drained/,
    disaster: 'server-updated',
  },
  {
    rule: 'a row that came in a shape nobody can read yet is not missing',
    breakIt: () => breakFunction('markAsCome', () => () => {}),
    complaint: /lost a ticket that it could read before|waits for a person for nothing/,
    disaster: 'server-updated',
  },
  {
    rule: 'a change of a person holds what was changed and nothing else',
    breakIt: (world) =>
      rewriteChanges(world, ({ uid, args: { changes } }, self) => {
        const shown = self.isUp ? findCitizen(self.work.db, uid)?.fields : null;
        if (!shown) return changes;
        const { name, gender, remark, ageBand } = shown;
        return { name, gender, remark, ...(ageBand ? { ageBand } : {}), ...changes };
      }),
    complaint: /fields of a person/,
  },
  {
    rule: 'of two who change the same field the last one by the order of the server stands',
    breakIt: (world) =>
      rewriteChanges(world, ({ uid, args: { changes }, baseVersion }) => {
        const row = world.centre.database.tables.citizens.get(uid);
        if (!row || Number(row.version) <= baseVersion) return changes;
        return { remark: (row.fields as CitizenFields).remark };
      }),
    complaint: /fields of a person/,
  },
  {
    rule: 'former values of a person are kept',
    breakIt: (world) => {
      onPath(world, '/sync/push', async (_, __, proper) => {
        const { history } = world.centre.backUp();
        const answer = await proper();
        world.centre.database.tables.history = history;
        return answer;
      });
    },
    complaint: /former fields of a person/,
  },
  {
    rule: 'what came with a segment is not asked for again',
    breakIt: () =>
      breakFunction(
        'saveScope',
        (whole: (db: WritableDb, state: ScopeState) => void) => (db: WritableDb, state: ScopeState) => {
          const isUnderWay = state.parity === 'unknown' && state.scope.endsWith(':citizens') && state.seq < 1_440;
          whole(db, isUnderWay ? { ...state, seq: 0 } : state);
        },
      ),
    complaint: /did not go on from where it was|never drained/,
    disaster: 'seats-added',
  },
  {
    rule: 'a segment that is not what the manifest says is refused',
    breakIt: () =>
      breakFunction(
        'unpackSegment',
        (whole: (bytes: Uint8Array, packing: string, entry: SegmentEntry) => Promise<unknown>) =>
          (bytes: Uint8Array, packing: string, entry: SegmentEntry) =>
            whole(bytes, packing, { ...entry, ...measure(bytes) }),
      ),
    complaint: NOT_TOLD,
    disaster: 'seats-added',
  },
  {
    rule: 'segments from before a row was removed are given to nobody',
    breakIt: (world) => {
      world.centre.database.alter = (statement, rows, [wanted]) => {
        const { manifests, segments } = world.centre.database.tables;
        const kept = statement.startsWith('SELECT m.seq FROM segment_manifests')
          ? manifests.get(String(wanted))
          : statement === 'read-segment'
            ? segments.get(String(wanted))
            : undefined;
        return kept ? [kept] : rows;
      };
    },
    complaint: /was given a row that had been removed/,
    disaster: 'seats-added',
  },
];

type CitizenChange = Extract<Op, { kind: 'citizen.change' }>;

/** Rewrites what people write into records of persons, each the first time it is sent, in shifts in which they do little else. */
function rewriteChanges(
  world: ModelWorld,
  change: (op: CitizenChange, self: ModelConsole) => CitizenChange['args']['changes'],
): void {
  world.personShare = 0.5;
  const first = new Map<string, CitizenChange['args']>();
  rewriteOps(world, (op, self) => {
    if (op.kind !== 'citizen.change') return op;
    const args = first.get(op.opId) ?? { ...op.args, changes: change(op, self) };
    first.set(op.opId, args);
    return { ...op, args };
  });
}

/** What a manifest would say of these bytes; nothing when they do not open. */
function measure(bytes: Uint8Array): Partial<SegmentEntry> {
  try {
    const content = zstdDecompressSync(bytes);
    return { size: content.length, sha256: createHash('sha256').update(content).digest('hex') };
  } catch {
    return {};
  }
}
