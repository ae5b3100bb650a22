import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { type FlowOutcome, type FlowReceiver, RECEIVER_NAMES } from '#shared/domain/overlay/flow.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { takeOverlay } from '#shared/domain/overlay/take-overlay.ts';
import type { HandOff, Ticket } from '#shared/domain/ticket.ts';
import type { EventId } from '#shared/kernel/ids.ts';
import { MINUTE_MS } from './calendar.ts';
import { demoId } from './demo-ids.ts';
import type { Rng } from './rng.ts';

/** Some that were handed over by now are still under way: their service has not answered, or not said what came of it. */
const SHARE = { silent: 0.1, unfinished: 0.1 } as const;
const LATELY_MS = 2 * 24 * 60 * MINUTE_MS;

/** What is called for, by what the caller told of. */
export function serviceFor(content: string): HandOff['service'] {
  if (content.includes('起火')) return '119';
  return content.includes('斗殴') ? '110' : '120';
}

const RESULTS: Readonly<Record<HandOff['service'], readonly (readonly [FlowOutcome, string])[]>> = {
  '110': [
    ['attended', '民警已到场处置，双方已分开，伤者就医。'],
    ['unfounded', '民警到场后未发现斗殴，报警人已离开。'],
  ],
  '119': [
    ['attended', '消防救援人员已到场，明火扑灭，无人员伤亡。'],
    ['unfounded', '到场核实为厨房油烟，未发生火灾。'],
  ],
  '120': [
    ['attended', '急救人员已到场，患者送医。'],
    ['attended', '急救人员到场，患者已恢复，家属拒绝送医。'],
  ],
  '122': [['attended', '交警已到场处置。']],
};

/**
 * A ticket whose call was handed over in the past, with what the service answered by `now`: its number within minutes, what came of it within hours.
 * Any other ticket as it is.
 */
export function answerHandOver(rng: Rng, ticket: Ticket, now: number): Ticket {
  const { handOff } = ticket.fields;
  if (ticket.status !== 'handed_off' || !handOff) return ticket;
  const isLate = handOff.at > now - LATELY_MS;
  if (isLate && rng.chance(SHARE.silent)) return ticket;
  const receiver: FlowReceiver = handOff.service;
  const number = `${receiver}-${rng.between(100_000, 999_999)}`;
  const receivedAt = ticket.updatedAt + rng.between(1, 6) * MINUTE_MS;
  const received = lay(rng, ticket, { step: 'flow_receipt', receiver, number }, '已接警，正在处置。', receivedAt, now);
  if (isLate && rng.chance(SHARE.unfinished)) return received;
  const [outcome, words] = rng.pick(RESULTS[handOff.service]);
  const doneAt = receivedAt + rng.between(20, 180) * MINUTE_MS;
  return lay(rng, received, { step: 'flow_result', receiver, outcome }, words, doneAt, now);
}

/** What the service's own system wrote; nothing of what lies ahead. */
function lay(rng: Rng, ticket: Ticket, step: OverlayStep, words: string, at: number, now: number): Ticket {
  if (!('receiver' in step) || at > now) return ticket;
  const id = demoId<EventId>(rng, at);
  const facts = { ...ticket, overlays: ticket.events, matter: ticket.fields };
  const actorName = RECEIVER_NAMES[step.receiver];
  const taken = takeOverlay(facts, id, step, words, { role: 'unit', name: actorName }, at, shippedClockRules());
  if (!taken.ok) return ticket;
  const { overlay } = taken.value;
  const by = { actorId: null, actorName, from: null, to: null, ref: '' };
  return {
    ...ticket,
    updatedAt: at,
    events: [...ticket.events, { id, at, kind: 'overlay', ...by, text: words, overlay }],
  };
}
