import type { CallState, PhoneState } from '#shared/domain/call.ts';
import { toCallFacts } from '#shared/domain/call.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import type { CallId } from '#shared/kernel/ids.ts';
import { useCallerCardStore, watchCaller } from '../features/citizen/caller-card.store.ts';
import {
  dropUntouchedCallDraft,
  fillKnownCaller,
  openCallDraft,
  setCallFacts,
  showCallDraft,
} from '../features/intake/intake-session.ts';
import { toCallFailure } from '../platform/call-error.ts';
import { dataClient } from '../platform/data-client.ts';
import { onRing, usePhoneStore } from '../platform/phone-client.ts';
import { goTo } from './route.store.ts';

/** Pause before facts of a call are offered to the data process again, in ms. */
const RECORD_RETRY_MS = 500;

/** Newest facts of calls that the data process has not acknowledged. */
const unrecorded = new Map<CallId, CallFacts>();
let recording = false;

/** Keeps the facts of a call on disk, however long the data process is away. */
function recordCall(facts: CallFacts): void {
  unrecorded.set(facts.callId, facts);
  setCallFacts(facts);
  if (!recording) void recordAll();
}

async function recordAll(): Promise<void> {
  recording = true;
  for (;;) {
    const [next] = unrecorded.values();
    if (!next) break;
    try {
      await dataClient.calls.record({ call: next });
      await dataClient.drafts.updateCall({ call: next });
      if (unrecorded.get(next.callId) === next) unrecorded.delete(next.callId);
    } catch (error) {
      const { code } = toCallFailure(error);
      // A draft that is a ticket already keeps the facts it was submitted with; the call log has the newer ones.
      const settled = code === 'NOT_FOUND' || code === 'DRAFT_SUBMITTED' || code === 'BAD_INPUT';
      if (settled && unrecorded.get(next.callId) === next) unrecorded.delete(next.callId);
      if (!settled) await new Promise((resolve) => setTimeout(resolve, RECORD_RETRY_MS));
    }
  }
  recording = false;
}

/** The newest state of a call in a phone state, whether it goes on or has just ended. */
function findCall(phone: PhoneState, callId: CallId): CallState | null {
  if (phone.call?.callId === callId) return phone.call;
  return phone.lastCall?.callId === callId ? phone.lastCall : null;
}

/** Only when one person alone is known under the number: with several, the agent has to ask. */
function fillCaller(call: CallState): void {
  const { card, phone } = useCallerCardStore.getState();
  if (!card?.citizen || card.alsoKnown.length > 0 || phone !== call.ani) return;
  const { name, gender, kind, confidential } = card.citizen.fields;
  // A masked name is no name; the ticket finds its person by the number.
  fillKnownCaller(call.callId, { name: card.masked ? '' : name, gender, kind, confidential });
}

function follow(phone: PhoneState, before: PhoneState): void {
  const callId = phone.call?.callId ?? before.call?.callId;
  if (callId === undefined) return;
  const call = findCall(phone, callId);
  const last = findCall(before, callId);
  if (!call || call === last) return;
  const facts = toCallFacts(call);
  if (!last && call.phase !== 'ended') {
    // First ring (or this window has just opened during a call): who it is, and a draft to write into.
    void watchCaller(call.ani);
    openCallDraft(facts);
  }
  if (!last || JSON.stringify(toCallFacts(last)) !== JSON.stringify(facts)) recordCall(facts);
  if (call.phase === 'active' && last?.phase !== 'active' && last?.phase !== 'held') {
    // Answering was the agent's own key, so the form of the call comes to the front.
    goTo('workbench');
    showCallDraft(call.callId);
    fillCaller(call);
  }
  if (call.phase === 'ended' && call.answeredAt === null) void dropUntouchedCallDraft(facts);
}

const NO_CALL: PhoneState = { agent: { kind: 'signed-out', since: 0 }, call: null, lastCall: null };

/** Ties calls to drafts, the citizen panel and the call log. Gives back the function that ends it. */
export function startCallEffects(): () => void {
  follow(usePhoneStore.getState().phone, NO_CALL);
  const stopRings = onRing((call) => watchCaller(call.ani));
  const stopFollowing = usePhoneStore.subscribe((state, before) => {
    if (state.phone !== before.phone) follow(state.phone, before.phone);
  });
  return () => {
    stopRings();
    stopFollowing();
  };
}
