import { create } from 'zustand';
import type { CloseAnswer, CloseRequest } from '#shared/contract/shell.contract.ts';
import { invokeShell } from '../platform/bridge.ts';
import { sendPhone, usePhoneStore } from '../platform/phone-client.ts';
import { flushWork } from './flush-work.ts';

/** Saving that takes longer than this is not waited for in silence, in ms; the shell waits a second for an answer. */
const FLUSH_MS = 700;

interface ClosingState {
  /** Why the person is asked before the window closes: a call would end, or text would be lost. */
  readonly question: 'call' | 'unsaved' | null;
}

export const useClosingStore = create<ClosingState>(() => ({ question: null }));

/** False while no dialog is on the screen that could ask: the page failed, or is still being loaded. */
let canAsk = false;

/** The dialog says that it is there. Gives back the function that ends it. */
export function offerAsking(): () => void {
  canAsk = true;
  return () => {
    canAsk = false;
    useClosingStore.setState({ question: null });
  };
}

/** Decides about a request to close the window: saves first, and asks where something would be lost. */
export async function decideAboutClosing({ mayAsk }: CloseRequest): Promise<CloseAnswer> {
  const asks = mayAsk && canAsk;
  if (asks && usePhoneStore.getState().phone.call) return ask('call');
  const flushed = flushWork();
  const saved = await Promise.race([
    flushed,
    new Promise<false>((resolve) => setTimeout(() => resolve(false), FLUSH_MS)),
  ]);
  if (saved || !asks) return 'now';
  void flushed.then(closeOnceSaved);
  return ask('unsaved');
}

/** Saving was only slow: what the person was asked about is settled, and the window goes as they wanted. */
async function closeOnceSaved(saved: boolean): Promise<void> {
  if (saved && useClosingStore.getState().question === 'unsaved') await invokeShell('shell:close', 'now');
}

function ask(question: 'call' | 'unsaved'): CloseAnswer {
  useClosingStore.setState({ question });
  return 'asking';
}

/** The person wants the window to stay. */
export function stayOpen(): void {
  useClosingStore.setState({ question: null });
}

/** The person wants the window closed: the call is ended in order, and text that cannot be saved is asked about once. */
export async function closeAnyway(): Promise<void> {
  const { question } = useClosingStore.getState();
  if (question === 'call') {
    const { call } = usePhoneStore.getState().phone;
    // A call that only rings cannot be hung up; it goes to somebody else when this phone is gone.
    if (call) await sendPhone({ kind: 'hangup', callId: call.callId });
    if ((await decideAboutClosing({ mayAsk: true })) === 'asking') return;
  }
  await invokeShell('shell:close', 'now');
}
