import { vi } from 'vitest';
import { listScopes, saveScope } from '#main/data/repositories/scope.repository.ts';
import { TICKETS } from '#main/data/services/synced-table.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import type { Op, PullResponse } from '#shared/sync/wire.ts';
import { START } from '../../data/samples.ts';
import { type BrokenRule, hashed, isAnswer, onPath } from './breaking.ts';
import { UNSTORABLE } from './model-postgres.ts';

type Push = { readonly console: string; readonly incarnation: number; readonly ops: readonly Op[] };

const LOST = /(tickets|notes) at the server are those that were acknowledged|an unexplained operation is left/;
const ONLY_DIGEST = /only the digest told/;

export const BROKEN_RULES: readonly BrokenRule[] = [
  {
    rule: 'the cursor is written together with the rows, not before them',
    breakIt: (world) =>
      onPath(world, '/sync/pull', async (_, self, proper) => {
        const answer = await proper();
        if (!isAnswer(answer) || !self.isUp) return answer;
        const { db } = self.work;
        const states = listScopes(db);
        for (const { scope, seq } of (answer.body as PullResponse).cursors) {
          const state = states.find((each) => each.scope === scope);
          if (state && seq > state.seq) saveScope(db, { ...state, seq });
        }
        return answer;
      }),
    complaint: ONLY_DIGEST,
  },
  {
    rule: 'the cursor of an answer never stands beyond a row that is not in it',
    breakIt: (world) =>
      onPath(world, '/sync/pull', async (_, __, proper) => {
        const answer = await proper();
        if (!isAnswer(answer) || !world.happens(0.3)) return answer;
        const page = answer.body as PullResponse;
        return { ...answer, body: { ...page, rows: page.rows.slice(0, -1) } };
      }),
    complaint: ONLY_DIGEST,
  },
  {
    rule: 'an operation that is sent again has no second effect',
    breakIt: (world) => {
      let incarnation = 1_000;
      onPath(world, '/sync/push', async (request) => {
        const { console, ops } = request.body as Push;
        const fresh = ops.map((op, index) => ({ ...withNewEvent(op), s: index + 1 }));
        const answer = await world.centre.answer({
          ...request,
          body: { console, incarnation: ++incarnation, ops: fresh },
        });
        if (!isAnswer(answer)) return answer;
        const { results } = answer.body as { results: readonly object[] };
        return {
          ...answer,
          body: { ack: ops.at(-1)?.s, results: results.map((each, i) => ({ ...each, s: ops[i]?.s })) },
        };
      });
    },
    complaint: LOST,
  },
  {
    rule: 'the server answers after its COMMIT',
    breakIt: (world) =>
      onPath(world, '/sync/push', async (_, __, proper) => {
        const before = world.centre.backUp();
        const answer = await proper();
        if (isAnswer(answer) && world.happens(0.1)) world.centre.database.tables = before;
        return answer;
      }),
    // What it forgot is missing, or a console that has pulled a change of it hears of the row without.
    complaint: new RegExp(`${LOST.source}|went back from version`),
  },
  {
    rule: 'a gap in the numbers is refused',
    breakIt: (world) => {
      const firsts = new Map<string, number>();
      onPath(world, '/sync/push', (request, _, proper) => {
        const { console, incarnation, ops } = request.body as Push;
        firsts.set(`${console}/${incarnation}`, ops[0]?.s ?? 1);
        return proper();
      });
      world.centre.database.alter = (statement, rows, [console, incarnation]) =>
        statement === 'lock-console'
          ? rows.map((row) => ({
              ...row,
              last_s: Math.max(Number(row.last_s), (firsts.get(`${console}/${incarnation}`) ?? 1) - 1),
            }))
          : rows;
    },
    complaint: LOST,
  },
  {
    rule: 'the same number with another hash is another console',
    breakIt: (world) => {
      const sent = new Map<string, Buffer>();
      onPath(world, '/sync/push', (request, _, proper) => {
        const { console, incarnation, ops } = request.body as Push;
        for (const op of ops) sent.set(`${console}/${incarnation}/${op.s}`, Buffer.from(op.hash, 'hex'));
        return proper();
      });
      world.centre.database.alter = (statement, rows, [console, incarnation]) =>
        statement.startsWith('SELECT s, hash, result FROM op_log')
          ? rows.map((row) => ({ ...row, hash: sent.get(`${console}/${incarnation}/${row.s}`) ?? row.hash }))
          : rows;
    },
    complaint: LOST,
    disaster: 'disk-cloned',
  },
  {
    rule: 'a refused operation does not hold up the others',
    breakIt: (world) => {
      world.unstorableShare = 0.2;
      onPath(world, '/sync/push', (request, _, proper) =>
        JSON.stringify(request.body).includes(UNSTORABLE)
          ? Promise.resolve({ status: 503, body: { code: 'NOT_READY', message: 'NOT_READY' } })
          : proper(),
      );
    },
    complaint: /never drained/,
  },
  {
    rule: 'waiting operations are replayed on a row that was pulled',
    breakIt: (world) => {
      vi.spyOn(TICKETS, 'replay').mockImplementation((row) => row);
      // No rule of the console says that a server has to take operations as often as it gives rows.
      onPath(world, '/sync/push', (_, __, proper) =>
        world.happens(0.4)
          ? Promise.resolve({ status: 429, body: { code: 'RATE_LIMITED', message: 'RATE_LIMITED' } })
          : proper(),
      );
    },
    complaint: /does not show its own words while they wait/,
  },
  {
    rule: 'a row that is not applied stops the cursor',
    breakIt: (world) => {
      const { save } = TICKETS;
      vi.spyOn(TICKETS, 'save').mockImplementation((db, row, known, received) =>
        received && known && world.happens(0.1) ? known.id : save(db, row, known, received),
      );
    },
    complaint: /(tickets of|only the digest told)/,
  },
  {
    rule: 'an operation leaves the outbox by its answer, not by being sent',
    breakIt: (world) =>
      onPath(world, '/sync/push', ({ body }, self, proper) => {
        if (self.isUp)
          for (const { opId } of (body as Push).ops) self.work.db.run('DELETE FROM outbox WHERE op_id = ?', opId);
        return proper();
      }),
    complaint: LOST,
  },
  {
    rule: 'a new epoch of the server starts the cursors anew',
    breakIt: (world) => {
      const former = <T extends { epoch: number }>(scopes: readonly T[]) =>
        scopes.map((scope) => ({ ...scope, epoch: 1 }));
      onPath(world, '/sync/hello', async (_, __, proper) => {
        const answer = await proper();
        const body = answer.body as { scopes: { epoch: number }[] };
        return isAnswer(answer) ? { ...answer, body: { ...body, scopes: former(body.scopes) } } : answer;
      });
      onPath(world, '/sync/pull', async (request) => {
        const { cursors, ...rest } = request.body as { cursors: { scope: string; epoch: number }[] };
        const { clocks } = world.centre.database.tables;
        const current = cursors.map((cursor) => ({ ...cursor, epoch: Number(clocks.get(cursor.scope)?.epoch ?? 1) }));
        const answer = await world.centre.answer({ ...request, body: { cursors: current, ...rest } });
        const body = answer.body as PullResponse;
        return isAnswer(answer) ? { ...answer, body: { ...body, cursors: former(body.cursors) } } : answer;
      });
    },
    complaint: /"epoch": 1|of console|never drained/,
    disaster: 'server-restored',
  },
  {
    rule: 'the outbox stays as it is when the cursors start anew',
    breakIt: (world) =>
      onPath(world, '/sync/hello', async (_, self, proper) => {
        const answer = await proper();
        if (!isAnswer(answer) || !self.isUp) return answer;
        const known = new Map(listScopes(self.work.db).map(({ scope, epoch }) => [scope, epoch]));
        const { scopes } = answer.body as { scopes: readonly { id: string; epoch: number }[] };
        if (scopes.some(({ id, epoch }) => (known.get(id) ?? epoch) !== epoch)) self.work.db.run('DELETE FROM outbox');
        return answer;
      }),
    complaint: LOST,
    disaster: 'server-restored',
  },
  {
    rule: 'an operation and its stored result commit together',
    breakIt: (world) =>
      onPath(world, '/sync/push', async (_, __, proper) => {
        const before = world.centre.backUp();
        const answer = await proper();
        if (!isAnswer(answer) || !world.happens(0.1)) return answer;
        const { consoles, opLog, opLogById } = world.centre.database.tables;
        world.centre.database.tables = Object.assign(before, { consoles, opLog, opLogById });
        return answer;
      }),
    complaint: LOST,
  },
  {
    rule: 'the clock of a scope commits with the rows that it numbered',
    breakIt: (world) =>
      onPath(world, '/sync/push', async (_, __, proper) => {
        const { clocks } = world.centre.backUp();
        const answer = await proper();
        if (isAnswer(answer) && world.happens(0.1)) world.centre.database.tables.clocks = clocks;
        return answer;
      }),
    complaint: ONLY_DIGEST,
  },
  {
    rule: 'an answer holds rows as they are now',
    breakIt: (world) => {
      const first = new Map<string, PullResponse['rows'][number]['row']>();
      onPath(world, '/sync/pull', async (_, __, proper) => {
        const answer = await proper();
        if (!isAnswer(answer)) return answer;
        const page = answer.body as PullResponse;
        const rows = page.rows.map((each) => {
          const old = first.get(each.row.uid);
          if (old === undefined) first.set(each.row.uid, each.row);
          return old !== undefined && world.happens(0.2) ? ({ ...each, row: old } as typeof each) : each;
        });
        return { ...answer, body: { ...page, rows } };
      });
    },
    complaint: /went back from version|only the digest told/,
  },
  {
    rule: 'count and digest are those of the rows up to the cursor',
    breakIt: (world) => {
      const former = new Map<string, PullResponse['parity'][number]>();
      onPath(world, '/sync/pull', async (_, __, proper) => {
        const answer = await proper();
        if (!isAnswer(answer)) return answer;
        const page = answer.body as PullResponse;
        const parity = page.parity.map((now) => {
          const before = former.get(now.scope) ?? now;
          former.set(now.scope, now);
          return before;
        });
        return { ...answer, body: { ...page, parity } };
      });
    },
    complaint: ONLY_DIGEST,
  },
  {
    rule: 'an operation is taken as its author hashed it',
    breakIt: (world) =>
      onPath(world, '/sync/push', (request) => {
        const body = request.body as Push;
        const ops = body.ops.map((op) => (op.kind === 'ticket.note' ? withOtherWords(op) : op));
        return world.centre.answer({ ...request, body: { ...body, ops } });
      }),
    complaint: LOST,
  },
  {
    rule: 'a note is taken whatever became of its ticket',
    breakIt: (world) =>
      onPath(world, '/sync/push', async ({ body }, _, proper) => {
        const answer = await proper();
        if (!isAnswer(answer)) return answer;
        const notes = new Set((body as Push).ops.filter(({ kind }) => kind === 'ticket.note').map(({ s }) => s));
        const { ack, results } = answer.body as { ack: number; results: readonly { s: number }[] };
        const refused = results.map((each) =>
          notes.has(each.s) ? { s: each.s, code: 'rejected', version: 0, seq: null, reason: 'TICKET_PASSED_ON' } : each,
        );
        return { ...answer, body: { ack, results: refused } };
      }),
    complaint: /an unexplained operation is left/,
  },
  {
    rule: 'what a restored server lost stays until a person decides',
    breakIt: (world) => {
      const { watch } = world;
      world.watch = (self) => {
        watch(self);
        if (!self.isUp) return;
        self.work.db.run('DELETE FROM tickets WHERE uid IN (SELECT uid FROM held_deletes)');
        self.work.db.run('DELETE FROM held_deletes');
      };
    },
    complaint: new RegExp(`${LOST.source}|${ONLY_DIGEST.source}`),
    disaster: 'server-restored',
  },
];

/** The operation with a word more, whole to everybody who reads it. */
function withOtherWords(op: Extract<Op, { kind: 'ticket.note' }>): Op {
  return hashed({ ...op, args: { ...op.args, text: `${op.args.text}。` } });
}

/** The operation as somebody would send it who does not know that it was sent before. */
function withNewEvent(op: Op): Op {
  if (op.kind !== 'ticket.note') return op;
  return hashed({ ...op, args: { ...op.args, eventId: newId<EventId>(START) }, opId: newId(START) });
}
