import { create } from 'zustand';
import type {
  PhoneCommand,
  PhoneFailure,
  PhoneMessage,
  PhoneRequest,
  UnkeptCall,
} from '#shared/contract/phone.contract.ts';
import { INITIAL_PHONE_STATE } from '#shared/domain/call.ts';
import type { CallState, PhoneState } from '#shared/domain/call-state.ts';
import { acquirePort } from './bridge.ts';

const PORT_TIMEOUT_MS = 4_000;
const RETRY_DELAY_MS = 500;
/** A ring waits this long for what is known of the caller, in ms, so that both come with one frame. */
const RING_HOLD_MS = 10;
/** A phone that has not answered a command by then has not done it, in ms. */
const ANSWER_TIMEOUT_MS = 8_000;
/** A party that is called may let it ring as long as telephone systems do, in ms. */
const PARTY_TIMEOUT_MS = 180_000;
const CALLING: readonly PhoneCommand['kind'][] = ['dial', 'blind-transfer', 'consult', 'add-party'];

interface PhoneMirror {
  readonly connected: boolean;
  readonly phone: PhoneState;
  /** Finished calls that are not in the call log yet. */
  readonly unkept: readonly UnkeptCall[];
  readonly canSimulate: boolean;
}

/** Read-only copy of the phone window's state. Its only writer is the phone window. */
export const usePhoneStore = create<PhoneMirror>(() => ({
  connected: false,
  phone: INITIAL_PHONE_STATE,
  unkept: [],
  canSimulate: false,
}));

export type PhoneAnswer = { readonly ok: true } | { readonly ok: false; readonly code: PhoneFailure };

let port: MessagePort | null = null;
let nextId = 0;
const waiting = new Map<number, (answer: PhoneAnswer) => void>();

let prepareRing: ((call: CallState) => Promise<void>) | null = null;
/** The newest state while a ring is held back. */
let held: Omit<PhoneMirror, 'connected'> | null = null;

/** Names what a new ring is worth waiting a moment for. Gives back the function that ends it. */
export function onRing(prepare: (call: CallState) => Promise<void>): () => void {
  prepareRing = prepare;
  return () => {
    if (prepareRing === prepare) prepareRing = null;
  };
}

async function holdRing(prepared: Promise<void>): Promise<void> {
  await Promise.race([prepared, new Promise((resolve) => setTimeout(resolve, RING_HOLD_MS))]);
  const newest = held;
  held = null;
  if (newest) usePhoneStore.setState(newest);
}

function receive(message: PhoneMessage): void {
  if (message.kind === 'state') {
    const next = { phone: message.state, unkept: message.unkept, canSimulate: message.capabilities.simulate };
    const { call } = next.phone;
    const isNewRing = call?.phase === 'ringing-in' && call.callId !== usePhoneStore.getState().phone.call?.callId;
    if (held) held = next;
    else if (isNewRing && prepareRing) {
      held = next;
      void holdRing(prepareRing(call));
    } else usePhoneStore.setState(next);
    return;
  }
  waiting.get(message.id)?.(message.ok ? { ok: true } : { ok: false, code: message.code });
}

async function connectUntilOpen(): Promise<void> {
  for (;;) {
    try {
      const opened = await acquirePort('phone', PORT_TIMEOUT_MS);
      opened.addEventListener('message', (event: MessageEvent<PhoneMessage>) => receive(event.data));
      opened.addEventListener('close', () => {
        if (port !== opened) return;
        port = null;
        usePhoneStore.setState({ connected: false });
        for (const answer of [...waiting.values()]) answer({ ok: false, code: 'NO_ANSWER' });
        void connectUntilOpen();
      });
      opened.start();
      port = opened;
      usePhoneStore.setState({ connected: true });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
    }
  }
}

/** Connects to the phone window and keeps its state mirrored. Called once when the shell opens. */
export function startPhoneClient(): void {
  if (started) return;
  started = true;
  void connectUntilOpen();
}
let started = false;

/** Sends a command to the phone window; resolves when the other side agreed or said why not. Never rejects. */
export function sendPhone(command: PhoneCommand): Promise<PhoneAnswer> {
  const open = port;
  if (!open) return Promise.resolve({ ok: false, code: 'NO_ANSWER' });
  const id = nextId++;
  return new Promise((resolve) => {
    const settle = (answer: PhoneAnswer) => {
      clearTimeout(timer);
      waiting.delete(id);
      resolve(answer);
    };
    const timeout = CALLING.includes(command.kind) ? PARTY_TIMEOUT_MS : ANSWER_TIMEOUT_MS;
    const timer = setTimeout(() => settle({ ok: false, code: 'NO_ANSWER' }), timeout);
    waiting.set(id, settle);
    const request: PhoneRequest = { id, command };
    open.postMessage(request);
  });
}
