/** So many answers of the same kind before a batch is taken apart, and before one operation alone is suspected. */
const SAME_FAILURES = 3;

/** The batch that failed or was applied. */
export interface SentBatch {
  readonly incarnation: number;
  readonly first: number;
  readonly last: number;
  readonly ops: number;
}

/** What to do after the server failed on a batch. `suspected`: one operation, alone, several times. */
export type AfterFault = 'repeat' | 'halve' | 'suspected';

/**
 * Tells an operation that makes the server fail from a server that fails whatever it is sent. A batch is taken apart only after several
 * equal answers, and then halved until the failing operation stands alone. That alone proves nothing against the operation.
 */
export interface PushFaults {
  /**
   * A batch was answered with a server error.
   * @param opId of its first operation
   */
  onFault(batch: SentBatch, code: string, opId: string): AfterFault;
  /** A batch was applied. @returns true while the failing operation is still being looked for: batches stay small */
  onApplied(batch: SentBatch): boolean;
  /** The server answered something else: the start of a session. */
  onOtherAnswer(): void;
  /** True when the server applied other operations between the failures of this one: it works, the operation is at fault. */
  isProven(opId: string): boolean;
  /** A suspected operation was moved behind others, which will tell. */
  onMoved(opId: string): void;
  /** True for an operation that was moved since anything was applied: it tells nothing about another one. */
  isMoved(opId: string): boolean;
  /**
   * True when the server answered other requests between the failures of this operation. Goes for one operation only until a push
   * succeeds again: a server that answers but cannot write must not cost one operation after the other.
   */
  isLikely(opId: string): boolean;
  /** The operation was taken out of the queue. */
  onSetAside(opId: string): void;
}

interface Suspect {
  failures: number;
  readonly applied: number;
  readonly answered: number;
}

export function createPushFaults(): PushFaults {
  let streak = { incarnation: 0, first: 0, code: '', failures: 0 };
  let hunt: { readonly incarnation: number; readonly last: number } | null = null;
  let applied = 0;
  let answered = 0;
  /** How much had been applied when an operation was set aside without proof last. */
  let appliedAtLast = -1;
  const suspects = new Map<string, Suspect>();
  const moved = new Set<string>();
  const isProven = (opId: string) => applied > (suspects.get(opId)?.applied ?? applied);

  return {
    onFault: (batch, code, opId) => {
      const { incarnation, first } = batch;
      const isSame = streak.incarnation === incarnation && streak.first === first && streak.code === code;
      streak = { incarnation, first, code, failures: isSame ? streak.failures + 1 : 1 };
      if (batch.ops > 1) {
        if (hunt === null && streak.failures < SAME_FAILURES) return 'repeat';
        hunt = { incarnation, last: batch.last };
        return 'halve';
      }
      const suspect = suspects.get(opId) ?? { failures: 0, applied, answered };
      suspect.failures++;
      suspects.set(opId, suspect);
      return suspect.failures < SAME_FAILURES ? 'repeat' : 'suspected';
    },
    onApplied: ({ incarnation, last }) => {
      applied++;
      moved.clear();
      if (hunt !== null && (hunt.incarnation !== incarnation || last >= hunt.last)) hunt = null;
      return hunt !== null;
    },
    onOtherAnswer: () => {
      answered++;
    },
    isProven,
    onMoved: (opId) => {
      moved.add(opId);
      hunt = null;
    },
    isMoved: (opId) => moved.has(opId),
    isLikely: (opId) => answered > (suspects.get(opId)?.answered ?? answered) && applied > appliedAtLast,
    onSetAside: (opId) => {
      if (!isProven(opId)) appliedAtLast = applied;
      suspects.delete(opId);
      hunt = null;
    },
  };
}
