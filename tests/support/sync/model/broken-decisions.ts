import { rewriteOps } from './breaking.ts';
import type { ModelRow } from './copy-text.ts';
import type { ModelWorld } from './model-world.ts';

/** One rule of deciding, broken on purpose from outside of the product. */
export interface BrokenDecision {
  readonly rule: string;
  readonly breakIt: (world: ModelWorld) => void;
  /** What the checks have to say. */
  readonly complaint: RegExp;
}

/** Changes what the server reads with one statement. */
function alter(world: ModelWorld, name: string, change: (row: ModelRow) => ModelRow | null): void {
  const { alter: before } = world.centre.database;
  world.centre.database.alter = (statement, rows, values) => {
    const altered = before(statement, rows, values);
    return statement === name ? altered.map(change).filter((row) => row !== null) : altered;
  };
}

type Overlays = readonly { readonly overlay: { readonly step: string } }[];
const without = (row: ModelRow, ...steps: readonly string[]) => ({
  ...row,
  overlays: (row.overlays as Overlays).filter(({ overlay }) => !steps.includes(overlay.step)),
});

export const BROKEN_DECISIONS: readonly BrokenDecision[] = [
  {
    rule: 'an order is ended once',
    breakIt: (world) => alter(world, 'load-courses', (row) => without(row, 'finish')),
    complaint: /ended twice|times of orders/,
  },
  {
    rule: 'a decision is taken in the state its author saw',
    breakIt: (world) =>
      rewriteOps(world, (op) => {
        const status = world.centre.database.tables.tickets.get(op.uid)?.status as never;
        const baseVersion = Number(world.centre.database.tables.tickets.get(op.uid)?.version ?? 0);
        return op.kind === 'ticket.act' && status ? { ...op, baseVersion, args: { ...op.args, from: status } } : op;
      }),
    complaint: /stale decision|decision was taken/,
  },
  {
    rule: 'a decision is not taken over one that its author has not seen',
    breakIt: (world) => alter(world, 'load-courses', (row) => ({ ...row, last: null })),
    complaint: /stale decision|words of an operation/,
  },
  {
    rule: 'a 拆分 is told in the history of the 母单',
    breakIt: (world) => {
      const { answer } = world;
      world.answer = async (request, self) => {
        const answered = await answer(request, self);
        const { tables } = world.centre.database;
        for (const [uid, events] of tables.events) {
          const kept = events.filter(({ kind }) => kind !== 'child_split');
          if (kept.length < events.length) tables.events.set(uid, kept);
        }
        return answered;
      };
    },
    complaint: /does not tell who came and who left|tickets of console/,
  },
  {
    rule: 'a 母单 with tickets under it comes under no other',
    breakIt: (world) => alter(world, 'load-children', () => null),
    complaint: /its 母单 is/,
  },
  {
    rule: 'what a person wrote stays with them when it is refused',
    breakIt: (world) => {
      const { watch } = world;
      world.watch = (self) => {
        watch(self);
        if (self.isUp) self.work.db.run(`DELETE FROM outbox WHERE state = 'rejected'`);
      };
    },
    complaint: /neither taken nor refused/,
  },
];
