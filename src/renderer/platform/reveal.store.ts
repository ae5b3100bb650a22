import { create } from 'zustand';
import type { Revealed, RevealRequest } from '#shared/contract/privacy.contract.ts';
import { REVEAL_MS, type RevealField } from '#shared/domain/masking.ts';
import { clock } from '../ui/now.ts';
import { dataClient } from './data-client.ts';

/** A masked value that is shown for a short time. */
export interface Look extends Revealed {
  readonly field: RevealField;
  /** Epoch ms. */
  readonly until: number;
}

interface RevealState {
  /** At most one look per row, by its uid. */
  readonly looks: ReadonlyMap<string, Look>;
}

/** Values behind the mask that are on the screen now. They live nowhere else and go by themselves. */
export const useRevealStore = create<RevealState>(() => ({ looks: new Map() }));

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Asks for one masked value, shows it for 30 seconds and gives it back. @throws what the data process refuses */
export async function lookBehindMask(request: RevealRequest): Promise<Revealed> {
  const revealed = await dataClient.privacy.reveal(request);
  showLook(request.uid, { ...revealed, field: request.field, until: clock.now() + REVEAL_MS });
  return revealed;
}

/** Shows a look until its time is over. */
export function showLook(uid: string, look: Look): void {
  clearTimeout(timers.get(uid));
  useRevealStore.setState(({ looks }) => ({ looks: new Map(looks).set(uid, look) }));
  timers.set(
    uid,
    setTimeout(() => hideLook(uid), look.until - clock.now()),
  );
}

/** Takes a look off the screen. */
export function hideLook(uid: string): void {
  clearTimeout(timers.get(uid));
  timers.delete(uid);
  useRevealStore.setState(({ looks }) => {
    const rest = new Map(looks);
    rest.delete(uid);
    return { looks: rest };
  });
}

/** Takes all looks off the screen: the session ended. */
export function hideAllLooks(): void {
  for (const uid of [...useRevealStore.getState().looks.keys()]) hideLook(uid);
}
