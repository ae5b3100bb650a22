import { create } from 'zustand';
import { dataClient, topicBus } from '#renderer/platform/data-client.ts';
import { NOTE_DRAFT_MAX } from '#shared/contract/drafts.contract.ts';

/** A text is on disk at most this long after the last key, in ms; the same promise as for the intake form. */
const SAVE_AFTER_MS = 250;
const RETRY_MS = 500;

interface NoteDrafts {
  /** Notes begun but not sent, by ticket. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Half-written 补充 and 催办. The data process keeps them; here they live from the key until it acknowledged. */
export const useNoteDrafts = create<NoteDrafts>(() => ({ texts: {} }));

/** Tickets whose text the data process has not acknowledged. */
const unsaved = new Set<string>();
/** Tickets whose note is on its way: a text kept after that would come back as one that was never sent. */
const sending = new Set<string>();
/** Texts on no disk yet of people who had to leave (a forced lock), until they are back. */
const parked = new Map<string, Readonly<Record<string, string>>>();
let owner = '';
let timer: ReturnType<typeof setTimeout> | null = null;
let saving: Promise<void> | null = null;

/** Takes over what is written for a ticket. */
export function keepNoteDraft(uid: string, text: string): void {
  useNoteDrafts.setState(({ texts }) => ({ texts: { ...texts, [uid]: text } }));
  unsaved.add(uid);
  timer ??= setTimeout(() => void flushNoteDrafts(), SAVE_AFTER_MS);
}

/**
 * Sends the note of a ticket; the data process forgets its text in the same transaction, and nothing is kept of it meanwhile.
 * A failure leaves the text as it was.
 * @param send rejects when the note was not taken
 */
export async function sendNoteDraft(uid: string, send: () => Promise<unknown>): Promise<void> {
  sending.add(uid);
  try {
    // What is being kept right now is on its way already; it must arrive before the note, not after it.
    await saving;
    await send();
    unsaved.delete(uid);
    useNoteDrafts.setState(({ texts }) => ({ texts: { ...texts, [uid]: '' } }));
  } finally {
    sending.delete(uid);
    if (unsaved.size > 0) timer ??= setTimeout(() => void flushNoteDrafts(), SAVE_AFTER_MS);
  }
}

/** True while a text is in no file yet, whoever wrote it. */
export function hasUnsavedNotes(): boolean {
  return unsaved.size > 0 || parked.size > 0;
}

/** Saves everything at once. True when it is on disk. */
export async function flushNoteDrafts(): Promise<boolean> {
  if (timer) clearTimeout(timer);
  timer = null;
  saving ??= saveAll().finally(() => {
    saving = null;
  });
  await saving;
  return unsaved.size === 0;
}

async function saveAll(): Promise<void> {
  const author = owner;
  for (const uid of [...unsaved]) {
    // Somebody else has signed in meanwhile: what is left was put aside with its author.
    if (owner !== author) return;
    const text = useNoteDrafts.getState().texts[uid] ?? '';
    if (text.length > NOTE_DRAFT_MAX || sending.has(uid)) continue;
    try {
      await dataClient.notes.keep({ uid, text });
      // What was typed meanwhile is saved with the next round.
      if (owner === author && (useNoteDrafts.getState().texts[uid] ?? '') === text) unsaved.delete(uid);
    } catch {
      // Locked, restarting or full: the text stays here and is tried again.
    }
  }
  if (unsaved.size > 0) timer ??= setTimeout(() => void flushNoteDrafts(), RETRY_MS);
}

/** Shows the notes of the person who signed in; another person's are out of sight, and kept here as long as they are on no disk. */
export function openNoteDrafts(user: string): void {
  if (owner === user) return;
  const { texts } = useNoteDrafts.getState();
  if (unsaved.size > 0) parked.set(owner, Object.fromEntries([...unsaved].map((uid) => [uid, texts[uid] ?? ''])));
  owner = user;
  unsaved.clear();
  const own = parked.get(user) ?? {};
  parked.delete(user);
  for (const uid of Object.keys(own)) unsaved.add(uid);
  useNoteDrafts.setState({ texts: own });
  if (unsaved.size > 0) timer ??= setTimeout(() => void flushNoteDrafts(), SAVE_AFTER_MS);
  void load(user);
}

async function load(user: string): Promise<void> {
  try {
    const stored = await dataClient.notes.list();
    if (owner !== user) return;
    // What was typed before this answer is newer.
    useNoteDrafts.setState(({ texts }) => ({
      texts: { ...Object.fromEntries(stored.map(({ uid, text }) => [uid, text])), ...texts },
    }));
  } catch {
    // Every reconnection announces; then it is read again.
    const stop = topicBus.subscribe(['drafts'], () => {
      stop();
      if (owner === user) void load(user);
    });
  }
}
