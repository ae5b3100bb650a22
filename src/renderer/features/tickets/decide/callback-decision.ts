import { type CallbackAnswers, needsWords, type TicketAct, ticketActSchema } from '#shared/domain/ticket-act.ts';

/** What the dialog of a 回访 holds; null is what was not asked yet. */
export interface WrittenCallback {
  readonly reached: boolean | null;
  readonly solved: boolean | null;
  readonly satisfied: boolean | null;
  readonly unsolvedCause: NonNullable<CallbackAnswers['unsolvedCause']> | null;
  readonly cause: CallbackAnswers['cause'];
  /** Of somebody for whom it is not done: 重办, or closed all the same. */
  readonly isRedo: boolean | null;
  /** When to try again; null leaves it to the rule. */
  readonly agreedAt: number | null;
  readonly words: string;
}

export const EMPTY_CALLBACK: WrittenCallback = {
  reached: null,
  solved: null,
  satisfied: null,
  unsolvedCause: null,
  cause: null,
  isRedo: null,
  agreedAt: null,
  words: '',
};

/** What was answered before and kept, so that nobody is asked twice; the way is chosen anew. @param words the citizen's own */
export function writtenFrom(kept: CallbackAnswers | null, words: string): WrittenCallback {
  if (!kept) return EMPTY_CALLBACK;
  const { reached, solved, satisfied, cause, unsolvedCause = null } = kept;
  return { ...EMPTY_CALLBACK, reached, solved, satisfied, cause, unsolvedCause, words };
}

/** The question that has no answer yet. */
export type CallbackGap = 'reached' | 'solved' | 'satisfied' | 'unsolvedCause' | 'cause' | 'way' | 'words';

/** True when the citizen said no to one of the two questions. */
export function isDiscontent({ reached, solved, satisfied }: WrittenCallback): boolean {
  return reached === true && (solved === false || satisfied === false);
}

/** The decision of a 回访, or what is still to be asked. @param calledAt when the citizen was called, epoch ms */
export function toCallbackAct(
  written: WrittenCallback,
  calledAt: number,
): { readonly act: TicketAct } | { readonly gap: CallbackGap } {
  const gap = gapOf(written);
  if (gap) return { gap };
  const act = ticketActSchema.parse(rawAct(written, calledAt));
  return needsWords(act) && written.words.trim() === '' ? { gap: 'words' } : { act };
}

function gapOf(written: WrittenCallback): CallbackGap | null {
  const { reached, solved, satisfied, unsolvedCause, cause, isRedo } = written;
  if (reached === null) return 'reached';
  if (!reached) return null;
  if (solved === null) return 'solved';
  if (!solved && unsolvedCause === null) return 'unsolvedCause';
  if (satisfied === null) return 'satisfied';
  if (!satisfied && cause === null) return 'cause';
  return isDiscontent(written) && isRedo === null ? 'way' : null;
}

function rawAct(written: WrittenCallback, calledAt: number) {
  const { reached, solved, satisfied, unsolvedCause, cause, isRedo, agreedAt } = written;
  if (!reached) return { action: 'miss_callback', calledAt, agreedAt };
  const callback = {
    reached,
    solved,
    satisfied,
    cause: satisfied ? null : cause,
    ...(solved || unsolvedCause === null ? {} : { unsolvedCause }),
  };
  return { action: isDiscontent(written) && isRedo ? 'redo' : 'close', callback };
}
