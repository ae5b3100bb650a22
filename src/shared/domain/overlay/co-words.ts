import type { CoOrder } from '../co-order.ts';
import type { OverlayKind } from './overlay-step.ts';
import type { OverlayEvent } from './oversight.ts';

type Worded = OverlayEvent & { readonly at: number; readonly text: string };

/** The newest step of a kind about the 协办单 a unit has now, and not about one before it. */
function lastOf<T extends Worded>(events: readonly T[], { unit }: Pick<CoOrder, 'unit'>, kind: OverlayKind): T | null {
  const own = events.filter(({ overlay }) => overlay && 'unit' in overlay && overlay.unit === unit);
  const begun = own.findLastIndex(({ overlay }) => overlay?.step === 'co_order');
  return own.slice(Math.max(begun, 0)).findLast(({ overlay }) => overlay?.step === kind) ?? null;
}

/** What was asked of a 协办 beyond the ticket itself; empty for one that came with the dispatch, or without words. */
export function coAskedOf(events: readonly Worded[], order: Pick<CoOrder, 'unit'>): string {
  return lastOf(events, order, 'co_order')?.text ?? '';
}

/** What a 协办 answered to the 主办, or said when it gave its part back; null as long as it said nothing. */
export function coAnswerOf<T extends Worded>(events: readonly T[], order: Pick<CoOrder, 'unit' | 'state'>): T | null {
  if (order.state !== 'answered' && order.state !== 'returned') return null;
  return lastOf(events, order, order.state === 'answered' ? 'co_answer' : 'co_return');
}
