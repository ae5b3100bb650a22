import type { CallId } from '#shared/kernel/ids.ts';
import type { OpenDraft } from '../features/intake/intake.store.ts';
import { useIntakeStore } from '../features/intake/intake.store.ts';
import { sendPhone, usePhoneStore } from '../platform/phone-client.ts';
import { clock } from '../ui/now.ts';

/** A form that is older than this is no news and belongs to no call that still waits, in ms. */
const FRESH_MS = 120_000;

type HandedDraft = OpenDraft & { readonly handedFrom: NonNullable<OpenDraft['handedFrom']> };

function isFresh(draft: OpenDraft): draft is HandedDraft {
  return draft.handedFrom !== null && Math.abs(clock.now() - draft.handedFrom.at) < FRESH_MS;
}

/**
 * In a simulation no exchange stands between two consoles: the form is the only thing that travels, so the call it belongs to
 * rings here when the form arrives. A real exchange rings by itself.
 */
function ringSimulated({ call, content, handedFrom }: HandedDraft): void {
  const { canSimulate, phone } = usePhoneStore.getState();
  if (!canSimulate || !call || isKnownCall(call.callId)) return;
  const { seat, name } = handedFrom;
  if (phone.agent.kind === 'signed-out' || phone.agent.kind === 'not-ready') return;
  void sendPhone({
    kind: 'simulate-ring',
    ani: call.ani,
    name: content.caller.name,
    line: call.line,
    callId: call.callId,
    from: { seat, name },
  });
}

function isKnownCall(callId: CallId): boolean {
  const { phone, unkept } = usePhoneStore.getState();
  return (
    phone.call?.callId === callId ||
    phone.lastCall?.callId === callId ||
    phone.queue.some((call) => call.callId === callId) ||
    unkept.some(({ record }) => record.callId === callId)
  );
}

/** Watches for forms that colleagues pass on. @param onArrival told of each one once. Gives back the function that ends it. */
export function watchHandovers(onArrival: (from: HandedDraft['handedFrom']) => void): () => void {
  const seen = new Set<string>();
  const look = (drafts: readonly OpenDraft[]) => {
    for (const draft of drafts) {
      if (!isFresh(draft)) continue;
      const key = `${draft.key} ${draft.handedFrom.at}`;
      if (seen.has(key)) continue;
      seen.add(key);
      onArrival(draft.handedFrom);
      ringSimulated(draft);
    }
  };
  look(useIntakeStore.getState().drafts);
  return useIntakeStore.subscribe((state, before) => {
    if (state.drafts !== before.drafts) look(state.drafts);
  });
}
