import { INITIAL_PHONE_STATE } from '#shared/domain/call.ts';
import { type CallState, type PhoneState, toCallFacts } from '#shared/domain/call-state.ts';
import type { CallId } from '#shared/kernel/ids.ts';
import { useCallerCardStore, watchCaller } from '../features/citizen/caller-card.store.ts';
import { fillKnownCaller, openCallDraft, showCallDraft } from '../features/intake/call-draft.ts';
import { dropUntouchedCallDraft } from '../features/intake/untouched-draft.ts';
import { dataClient } from '../platform/data-client.ts';
import { onRing, sendPhone, usePhoneStore } from '../platform/phone-client.ts';
import { CallLogWriter, type HandedOver } from './call-log-writer.ts';
import { goTo } from './route.store.ts';

/** The newest state of a call in a phone state, whether it goes on or has just ended. */
function findCall(phone: PhoneState, callId: CallId): CallState | null {
  if (phone.call?.callId === callId) return phone.call;
  return phone.lastCall?.callId === callId ? phone.lastCall : null;
}

/** A name only when one person alone is known under the number: with several, the agent has to ask. 保密 when one of them asked for it. */
function fillCaller(call: CallState): void {
  const { card, phone } = useCallerCardStore.getState();
  if (!card || phone !== call.ani) return;
  const { confidential } = card;
  if (card.citizen && card.alsoKnown.length === 0) {
    const { name, gender, kind } = card.citizen.fields;
    // A masked name is no name; the ticket finds its person by the number.
    void fillKnownCaller(call.callId, { name: card.masked ? '' : name, gender, kind, confidential });
  } else if (confidential) {
    void fillKnownCaller(call.callId, { name: '', gender: 'unknown', kind: 'person', confidential });
  }
}

/** A call about a ticket is written down on that ticket; every other one gets a form. */
function needsDraft(call: CallState): boolean {
  return call.about === null || call.about.ticketUid === null;
}

function follow(phone: PhoneState, before: PhoneState, log: CallLogWriter): void {
  const callId = phone.call?.callId ?? before.call?.callId;
  if (callId === undefined) return;
  const call = findCall(phone, callId);
  const last = findCall(before, callId);
  if (!call || call === last) return;
  if (!last && call.phase !== 'ended') {
    // First ring (or this window has just opened during a call): who it is, and a draft to write into.
    void watchCaller(call.ani);
    if (needsDraft(call)) openCallDraft(toCallFacts(call));
  }
  // How a call ended is in the records the phone holds; this keeps what goes on.
  if (call.phase !== 'ended') log.follow(call);
  // Whoever dialled wants to see the form; answering was the agent's own key.
  const isAnswered = call.answeredAt !== null && last?.answeredAt == null;
  const isTaken = call.direction === 'out' ? !last : isAnswered;
  if (isTaken && call.phase !== 'ended') {
    if (needsDraft(call)) goTo('workbench');
    showCallDraft(call.callId);
  }
  // Only a form that is written: that of an outbound call nobody took has to stay empty, or it would be left behind.
  if (isAnswered && call.phase !== 'ended') void watchCaller(call.ani).then(() => fillCaller(call));
  if (call.phase === 'ended' && call.answeredAt === null) void dropUntouchedCallDraft(toCallFacts(call));
}

/** Tells the phone what this agent has chosen, and ends the sign-in of somebody else at it. */
async function preparePhone(seat: string): Promise<void> {
  const { phone } = usePhoneStore.getState();
  if (phone.agent.kind !== 'signed-out' && phone.seat !== seat && !phone.call) {
    await sendPhone({ kind: 'sign-out' });
  }
  const { wrapUpMs } = await dataClient.calls.settings();
  await sendPhone({ kind: 'set-wrap-up', ms: wrapUpMs });
}

/** Ties the calls of a seat to drafts, the citizen panel and the call log. Gives back the function that ends it. */
export function startCallEffects(seat: string, onHandedOver: (handed: HandedOver) => void): () => void {
  const log = new CallLogWriter(seat, onHandedOver);
  const prepare = () => void preparePhone(seat).catch(() => {}); // Asked again with the next connection.
  const { phone, unkept, connected } = usePhoneStore.getState();
  if (connected) prepare();
  follow(phone, INITIAL_PHONE_STATE, log);
  log.finish(unkept);
  const stopRings = onRing((call) => watchCaller(call.ani));
  const stopFollowing = usePhoneStore.subscribe((state, before) => {
    if (state.connected && !before.connected) prepare();
    if (state.phone !== before.phone) follow(state.phone, before.phone, log);
    if (state.unkept !== before.unkept) log.finish(state.unkept);
  });
  return () => {
    stopRings();
    stopFollowing();
    log.stop();
  };
}
