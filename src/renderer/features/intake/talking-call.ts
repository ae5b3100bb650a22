import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { toCallFacts } from '#shared/domain/call-state.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';

/** The call that goes on, unless it is about a ticket: that one is written down there. */
export function talkingCall(): CallFacts | null {
  const { call } = usePhoneStore.getState().phone;
  if (!call || call.answeredAt === null || call.phase === 'ended' || call.about?.ticketUid) return null;
  return toCallFacts(call);
}
