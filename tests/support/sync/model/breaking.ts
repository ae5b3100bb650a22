import { createHash } from 'node:crypto';
import { type Op, plainOpText } from '#shared/sync/wire.ts';
import type { CentreAnswer, CentreRequest } from './model-centre.ts';
import type { ModelConsole } from './model-console.ts';
import type { Disaster } from './model-shift.ts';
import type { Answering, ModelWorld } from './model-world.ts';

/** One rule of the protocol, broken on purpose from outside of the product. */
export interface BrokenRule {
  readonly rule: string;
  readonly breakIt: (world: ModelWorld) => void;
  /** What the checks have to say. */
  readonly complaint: RegExp;
  /** By what it shows; by the usual faults when left out. */
  readonly disaster?: Disaster;
}

/** Answers requests of one path in another way. */
export function onPath(
  world: ModelWorld,
  path: string,
  answer: (request: CentreRequest, self: ModelConsole, proper: () => Promise<CentreAnswer>) => Promise<CentreAnswer>,
): void {
  const before: Answering = world.answer;
  world.answer = (request, self) =>
    request.path === path ? answer(request, self, () => before(request, self)) : before(request, self);
}

/** True for an answer that is no refusal. */
export const isAnswer = ({ status }: CentreAnswer) => status === 200;
/** Rewrites operations on their way to the server, as another build of the console would have sent them. */
export function rewriteOps(world: ModelWorld, change: (op: Op, self: ModelConsole) => Op): void {
  const { answer } = world;
  world.answer = (request, self) => {
    if (request.path !== '/sync/push') return answer(request, self);
    const body = request.body as { readonly ops: readonly Op[] };
    const ops = body.ops.map((op) => {
      const changed = change(op, self);
      return changed === op ? op : hashed(changed);
    });
    return answer({ ...request, body: { ...body, ops } }, self);
  };
}

/** The operation with the hash that fits it. */
export function hashed(op: Op): Op {
  const { kind, uid, args } = op;
  return { ...op, hash: createHash('sha256').update(plainOpText({ kind, uid, args })).digest('hex') };
}
