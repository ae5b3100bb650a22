import type { SeatState, WaitingCalls } from '#shared/domain/board/seat-report.ts';
import { agentPosition, type PhoneState } from '#shared/domain/call-state.ts';
import { LINES } from '#shared/domain/roles.ts';
import { dataClient, topicBus } from '../platform/data-client.ts';
import { usePhoneStore } from '../platform/phone-client.ts';
import { clock } from '../ui/now.ts';

/** What the centre may know of a seat: never who calls. */
function toSeatState(phone: PhoneState, now: number): SeatState {
  const { agent, call, queue } = phone;
  const { position, since } = agentPosition(phone);
  const waiting = LINES.flatMap((line): WaitingCalls[] => {
    const calls = queue.filter((one) => one.line === line);
    const oldest = Math.min(...calls.map((one) => one.since));
    return calls.length === 0 ? [] : [{ line, count: calls.length, longestMs: spanOf(oldest, now) }];
  });
  return {
    position,
    reason: !call && agent.kind === 'not-ready' ? agent.reason : null,
    forMs: spanOf(since, now),
    call: call && { line: call.line, forMs: spanOf(call.ringAt, now) },
    waiting,
  };
}

const spanOf = (since: number, now: number) => Math.max(0, Math.round(now - since));

/** What makes a report another one; the time that passes does not. */
function essenceOf(phone: PhoneState): string {
  const { position, since } = agentPosition(phone);
  return JSON.stringify([position, since, phone.agent, phone.call?.callId, phone.queue.map((one) => one.callId)]);
}

/**
 * Tells the data process what goes on at this seat whenever that changes, from the first sign-in at the phone on. Gives back the function that
 * ends it.
 */
export function startSeatReports(seat: string): () => void {
  let told: string | null = null;
  const tell = (phone: PhoneState) => {
    const isIdle = phone.agent.kind === 'signed-out' && told === null;
    const essence = essenceOf(phone);
    // A phone that somebody else is still signed in at is not this seat.
    if (isIdle || essence === told || phone.seat !== seat) return;
    told = essence;
    // What was not taken is told with the next change, or when the data process is there again.
    void dataClient.board.seat({ state: toSeatState(phone, clock.now()) }).catch(() => {});
  };
  const current = () => usePhoneStore.getState();
  if (current().connected) tell(current().phone);
  const stopFollowing = usePhoneStore.subscribe((state) => tell(state.phone));
  // It forgets with every lock and every crash what it was told.
  const stopTopics = topicBus.subscribe(['session'], () => {
    if (told === null) return;
    told = '';
    tell(current().phone);
  });
  return () => {
    stopFollowing();
    stopTopics();
  };
}
