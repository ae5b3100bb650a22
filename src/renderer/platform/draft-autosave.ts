import type { ErrorCode } from '#shared/contract/error-codes.ts';
import type { Draft, IntakeContent } from '#shared/domain/intake.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { DraftId } from '#shared/kernel/ids.ts';
import { type CallFailure, readText, toCallFailure } from './call-error.ts';
import { mergeDraft, toStorableDraft } from './draft-merge.ts';

/** Pause in the typing after which the form is saved, and the longest time a keystroke waits for a pause, in ms. */
export const SAVE_DEBOUNCE_MS = 80;
export const SAVE_MAX_WAIT_MS = 200;
/** Pauses between tries of a save that failed, in ms; the last one repeats for as long as it takes. */
const RETRY_DELAYS_MS = [250, 500, 1_000, 2_000, 4_000] as const;

/** Where the text on the screen stands with the disk. */
export type SaveState =
  | { readonly kind: 'saved'; readonly at: number }
  | { readonly kind: 'saving' }
  /** Not on disk yet and why; the text is kept here and tried again. */
  | { readonly kind: 'failed'; readonly code: ErrorCode }
  /** Stored, but for parts that no database can keep exactly. */
  | { readonly kind: 'partly'; readonly at: number; readonly refused: readonly (keyof IntakeContent)[] }
  /** The draft has become a ticket: there is nothing left to save. */
  | { readonly kind: 'submitted'; readonly ticketUid: string };

/** The calls of the data process that the engine needs. */
export interface DraftStore {
  save(input: {
    id: DraftId;
    revision: number;
    content: IntakeContent;
  }): Promise<{ revision: number; savedAt: number }>;
  get(input: { id: DraftId }): Promise<Draft>;
}

export type FlushResult =
  | { readonly ok: true; readonly revision: number }
  | { readonly ok: false; readonly failure: CallFailure };

interface AutosaveEvents {
  readonly onState: (state: SaveState) => void;
  /** Parts of the form were taken over from elsewhere. */
  readonly onMerged: (content: IntakeContent) => void;
}

/**
 * Keeps one draft durable while it is typed. The newest text is held in memory until the data process acknowledged it;
 * one save is under way at a time, each on the revision of the one before; a failed save is repeated until it is
 * acknowledged, whatever happens to the data process or the disk meanwhile.
 */
export class DraftAutosave {
  readonly #id: DraftId;
  readonly #store: DraftStore;
  readonly #events: AutosaveEvents;
  readonly #clock: Clock;
  #revision: number;
  #content: IntakeContent;
  /** The form of the last acknowledged save, and what the data process made of it (without parts it could not keep). */
  #acknowledged: IntakeContent;
  #stored: IntakeContent;
  #state: SaveState;
  #saving = false;
  #failures = 0;
  #firstUnsavedAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stopped = false;
  #flushes: ((result: FlushResult) => void)[] = [];

  constructor(draft: Draft, store: DraftStore, clock: Clock, events: AutosaveEvents) {
    this.#id = draft.id;
    this.#clock = clock;
    this.#store = store;
    this.#events = events;
    this.#revision = draft.revision;
    this.#content = draft.content;
    this.#acknowledged = draft.content;
    this.#stored = draft.content;
    this.#state = { kind: 'saved', at: draft.updatedAt };
  }

  get revision(): number {
    return this.#revision;
  }

  get state(): SaveState {
    return this.#state;
  }

  /** True while something on the screen is not on the disk. */
  get isDirty(): boolean {
    return this.#content !== this.#acknowledged;
  }

  /** Takes over the form as it is on the screen now. */
  set(content: IntakeContent): void {
    if (this.#stopped) return;
    this.#content = content;
    if (this.#failures > 0) return; // A retry is planned; it takes the newest text.
    this.#setState({ kind: 'saving' });
    if (!this.#saving) this.#schedule();
  }

  /**
   * Takes over a newer form from the disk while nothing of this screen waits to be saved.
   * @returns false when there is nothing newer, or what is on the screen has to be saved first (the save joins both)
   */
  adopt(draft: Draft): boolean {
    if (this.#stopped || this.#saving || this.isDirty || draft.revision <= this.#revision) return false;
    this.#revision = draft.revision;
    this.#content = draft.content;
    this.#acknowledged = draft.content;
    this.#stored = draft.content;
    this.#setState({ kind: 'saved', at: draft.updatedAt });
    return true;
  }

  /** Saves at once. Answers when everything on the screen is stored, or why it is not (it is tried again all the same). */
  flush(): Promise<FlushResult> {
    if (!this.isDirty && !this.#saving) return Promise.resolve({ ok: true, revision: this.#revision });
    const result = new Promise<FlushResult>((resolve) => this.#flushes.push(resolve));
    this.poke();
    return result;
  }

  /** Tries again now: the data process is back, the disk has room, somebody asks. */
  poke(): void {
    if (this.#saving || this.#stopped || !this.isDirty) return;
    this.#clearTimer();
    void this.#save();
  }

  /** Ends the engine: the draft was submitted, discarded or belongs to a session that is over. */
  stop(): void {
    this.#stopped = true;
    this.#clearTimer();
    this.#answerFlushes({ ok: false, failure: { code: 'SHUTTING_DOWN', data: null } });
  }

  #schedule(): void {
    const now = this.#clock.now();
    this.#firstUnsavedAt ??= now;
    const wait = Math.min(SAVE_DEBOUNCE_MS, Math.max(0, this.#firstUnsavedAt + SAVE_MAX_WAIT_MS - now));
    this.#clearTimer();
    this.#timer = setTimeout(() => void this.#save(), wait);
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #save(): Promise<void> {
    this.#timer = null;
    this.#firstUnsavedAt = null;
    this.#saving = true;
    const sent = this.#content;
    const { content, refused } = toStorableDraft(sent, this.#stored);
    try {
      const saved = await this.#store.save({ id: this.#id, revision: this.#revision, content });
      this.#saving = false;
      this.#failures = 0;
      this.#revision = saved.revision;
      this.#stored = content;
      this.#acknowledge(sent, saved.savedAt, refused);
    } catch (error) {
      const failure = toCallFailure(error);
      const settled = await this.#recover(failure);
      this.#saving = false;
      if (!settled) this.#retryLater(failure);
    }
  }

  #acknowledge(sent: IntakeContent, at: number, refused: readonly (keyof IntakeContent)[]): void {
    this.#acknowledged = sent;
    if (this.#stopped) return;
    if (this.isDirty) {
      // Typed while the save was under way.
      if (this.#flushes.length > 0) void this.#save();
      else this.#schedule();
      return;
    }
    this.#setState(refused.length > 0 ? { kind: 'partly', at, refused } : { kind: 'saved', at });
    if (refused.length === 0) this.#answerFlushes({ ok: true, revision: this.#revision });
    else this.#answerFlushes({ ok: false, failure: { code: 'BAD_INPUT', data: { refused } } });
  }

  /** Handles the answers that a repetition of the same save would only get again. */
  async #recover(failure: CallFailure): Promise<boolean> {
    if (failure.code === 'DRAFT_SUBMITTED') {
      this.#setState({ kind: 'submitted', ticketUid: readText(failure.data, 'ticketUid') ?? '' });
      this.#answerFlushes({ ok: false, failure });
      this.#stopped = true;
      return true;
    }
    if (failure.code !== 'DRAFT_STALE') return false;
    // Another window, or a save of our own whose answer was lost: join with what is stored and save on top of it.
    try {
      const theirs = await this.#store.get({ id: this.#id });
      const merged = mergeDraft(this.#stored, this.#content, theirs.content);
      this.#revision = theirs.revision;
      this.#stored = theirs.content;
      this.#acknowledged = theirs.content;
      if (JSON.stringify(merged) !== JSON.stringify(this.#content)) this.#events.onMerged(merged);
      this.#content = merged;
      this.#timer = setTimeout(() => void this.#save(), 0);
      return true;
    } catch {
      return false;
    }
  }

  #retryLater(failure: CallFailure): void {
    if (this.#stopped) return;
    this.#setState({ kind: 'failed', code: failure.code });
    this.#answerFlushes({ ok: false, failure });
    const delay = RETRY_DELAYS_MS[Math.min(this.#failures, RETRY_DELAYS_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#clearTimer();
    this.#timer = setTimeout(() => void this.#save(), delay);
  }

  #answerFlushes(result: FlushResult): void {
    for (const answer of this.#flushes.splice(0)) answer(result);
  }

  #setState(state: SaveState): void {
    this.#state = state;
    this.#events.onState(state);
  }
}
