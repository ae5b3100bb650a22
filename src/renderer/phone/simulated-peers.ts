import type { Party, Refusal, TelCommand } from '#shared/domain/call-events.ts';
import { seededRandom } from './seeded-random.ts';

/** How long a called party lets it ring before the exchange gives up, in ms. */
export const NO_REPLY_MS = 20_000;

/** What a called party does, and when; `refusal` null = answers. */
export interface PeerReply {
  readonly afterMs: number;
  readonly refusal: Refusal | null;
  /** Who answered, when a group was called. */
  readonly party: Party | null;
}

/** Decides for every party that is called. */
export type Peers = (party: Party) => PeerReply;

type Behaviour = Exclude<Extract<TelCommand, { kind: 'simulate-peers' }>['behaviour'], 'script'>;

const QUICK_MS = 1_200;

/** A party that behaves as somebody asked. */
export function replyAs(behaviour: Behaviour, party: Party, lead: Party | null): PeerReply {
  switch (behaviour) {
    case 'answer':
      return { afterMs: QUICK_MS, refusal: null, party: party.kind === 'lead' ? lead : null };
    case 'decline':
      return { afterMs: QUICK_MS, refusal: 'declined', party: null };
    case 'no-answer':
      return { afterMs: NO_REPLY_MS, refusal: 'no-answer', party: null };
    case 'busy':
    case 'unreachable':
      return { afterMs: QUICK_MS / 2, refusal: behaviour, party: null };
  }
}

/** Shares of what people do, per kind of party, in the order answer, decline, no answer, busy; the rest is unreachable. */
const HABITS: Readonly<Record<Party['kind'], readonly [number, number, number, number]>> = {
  seat: [0.75, 0.1, 0.1, 0.05],
  lead: [0.85, 0.15, 0, 0],
  service: [1, 0, 0, 0],
  number: [0.7, 0.05, 0.15, 0.05],
};
const BEHAVIOURS = ['answer', 'decline', 'no-answer', 'busy', 'unreachable'] as const;

/** People with habits: colleagues mostly answer, emergency services always do. The same seed gives the same answers. */
export function seededPeers(seed: number, lead: Party | null): Peers {
  const random = seededRandom(seed);
  return (party) => {
    const dice = random();
    const hurry = random();
    let sum = 0;
    const index = HABITS[party.kind].findIndex((share) => {
      sum += share;
      return dice < sum;
    });
    const reply = replyAs(BEHAVIOURS[index] ?? 'unreachable', party, lead);
    return reply.refusal === 'no-answer' ? reply : { ...reply, afterMs: Math.round(1_500 + 3_500 * hurry) };
  };
}

/** Everybody answers at once. */
export function willingPeers(lead: Party | null): Peers {
  return (party) => replyAs('answer', party, lead);
}
