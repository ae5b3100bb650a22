import type { OverlayKind, OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';

const AT = Date.UTC(2026, 10, 26, 2);

/** The order and the measure that the samples of further steps are about. */
export const ORDER_ID = newId<EventId>(AT);
export const MEASURE_ID = newId<EventId>(AT);

/** The 协办 whose 协办单 the samples of further steps are about. */
export const HELPER = '鼓楼区湖南路街道办事处';

/** One of everything that can be laid over a ticket. */
export const SAMPLE_OVERLAYS: { readonly [K in OverlayKind]: Extract<OverlayStep, { step: K }> } = {
  order: {
    step: 'order',
    source: { kind: 'supervision', level: 'city' },
    unit: '鼓楼区城管局',
    limit: { value: 3, unit: 'workday' },
  },
  progress: { step: 'progress', ref: ORDER_ID },
  finish: { step: 'finish', ref: ORDER_ID },
  unclear: { step: 'unclear' },
  made_safe: { step: 'made_safe', at: AT - 3_600_000 },
  review_open: { step: 'review_open', members: ['政务办', '编办', '司法局'], plannedAt: AT + 2 * 86_400_000 },
  review: {
    step: 'review',
    review: { members: ['政务办', '编办', '司法局'], heldAt: AT, decision: '由街道先行处置', owner: null },
  },
  owned: { step: 'owned', owner: '鼓楼区园林所' },
  measure: { step: 'measure', unit: '鼓楼区城管局', dueAt: AT + 10 * 86_400_000 },
  measure_done: { step: 'measure_done', ref: MEASURE_ID },
  announced: { step: 'announced', at: AT, where: '市政府网站' },
  co_order: { step: 'co_order', unit: '鼓楼区水务局', dueAt: AT + 2 * 86_400_000 },
  co_withdraw: { step: 'co_withdraw', unit: HELPER },
  co_sign: { step: 'co_sign', unit: HELPER },
  co_return: { step: 'co_return', unit: HELPER },
  co_answer: { step: 'co_answer', unit: HELPER },
  wait: { step: 'wait', until: AT + 3 * 86_400_000 },
  wait_end: { step: 'wait_end', why: 'by_hand' },
  flow: { step: 'flow', receiver: 'police', rule: { id: 'group-rental', version: 1 }, isEnabled: true },
  hand_over: { step: 'hand_over', receiver: '110', leg: null },
  flow_receipt: { step: 'flow_receipt', receiver: '110', number: 'JJ20261126-018' },
  flow_result: { step: 'flow_result', receiver: '110', outcome: 'attended' },
};
