import { createContext } from 'react';

/** Names what the files chosen inside of it belong to (the tab of a draft); null where nobody waits for them. */
export const FileOwner = createContext<string | null>(null);

const running = new Map<string, Set<Promise<boolean>>>();

/** Notes that files of an owner are being stored. @param work resolves to whether all of them were taken; never rejects */
export function noteStoring(owner: string, work: Promise<boolean>): void {
  const ofOwner = running.get(owner) ?? new Set();
  running.set(owner, ofOwner.add(work));
  void work.then(() => {
    ofOwner.delete(work);
    if (ofOwner.size === 0) running.delete(owner);
  });
}

/** True while files of an owner are not on disk yet. */
export function isStoringFiles(owner: string): boolean {
  return running.has(owner);
}

/** Waits until no file of an owner is being stored any more. @returns false when one of them was not taken */
export async function filesStored(owner: string): Promise<boolean> {
  let isComplete = true;
  for (let works = running.get(owner); works; works = running.get(owner)) {
    const results = await Promise.all(works);
    isComplete &&= results.every(Boolean);
  }
  return isComplete;
}
