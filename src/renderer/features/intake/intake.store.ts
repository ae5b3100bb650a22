import { create } from 'zustand';
import type { SaveState } from '#renderer/platform/draft-autosave.ts';
import type { Draft, IntakeContent, IntakeOutcome } from '#shared/domain/intake.ts';
import type { CallFacts, HandOff } from '#shared/domain/ticket.ts';
import type { DraftId, TicketId } from '#shared/kernel/ids.ts';

/** A draft on the screen. */
export interface OpenDraft {
  /** Names the tab; the draft's id once the data process gave one, a local one until then. */
  readonly key: string;
  /** Null while the data process could not be asked to make the draft: the text is held here until it can. */
  readonly id: DraftId | null;
  readonly call: CallFacts | null;
  /** The colleague whose form it was before the call came here. */
  readonly handedFrom: Draft['handedFrom'];
  readonly handedTo: Draft['handedTo'];
  /** The emergency services its call was handed over to. */
  readonly handOffs: readonly HandOff[];
  /** The refused ticket it corrects. */
  readonly correctsUid: Draft['correctsUid'];
  /** The 母单 that is proposed when the draft is submitted. */
  readonly parentUid: Draft['parentUid'];
  readonly content: IntakeContent;
  /** What is typed into its pickers and not taken, by field: the tab may be left meanwhile. */
  readonly typed?: Readonly<Record<string, string>>;
  readonly save: SaveState;
  /** The answer box of 直接答复 is open. */
  readonly answerOpen: boolean;
  /** The outcome that was tried and found incomplete; problems are shown at the fields from then on. */
  readonly tried: IntakeOutcome | null;
  readonly submitting: boolean;
  /** Why the last submission failed, in the user's language. */
  readonly submitError: string | null;
  readonly createdAt: number;
}

interface IntakeState {
  /** False until the drafts of the session were read for the first time. */
  readonly loaded: boolean;
  readonly drafts: readonly OpenDraft[];
  readonly activeKey: string | null;
  /** The draft that became the active one by itself (a ring at an empty desk), not by a wish of the agent. */
  readonly arrivedKey: string | null;
  /** Grows when the form of the active draft should take the focus. */
  readonly focusTicket: number;
  /** The ticket made last, until the next call rings or the agent takes its number away. */
  readonly submittedUid: TicketId | null;
}

export const EMPTY_INTAKE_STATE: IntakeState = {
  loaded: false,
  drafts: [],
  activeKey: null,
  arrivedKey: null,
  focusTicket: 0,
  submittedUid: null,
};

/** The drafts on the screen. Text lives here from the keystroke until the data process acknowledged it. */
export const useIntakeStore = create<IntakeState>(() => EMPTY_INTAKE_STATE);

/** Numbers of the emergency services a draft's call was handed over to, each once: 119、120. Empty when there were none. */
export function servicesOf({ handOffs }: Pick<OpenDraft, 'handOffs'>, comma: string): string {
  return [...new Set(handOffs.map(({ service }) => service))].join(comma);
}

/** Takes the number of the ticket made last away. */
export function forgetSubmitted(): void {
  useIntakeStore.setState({ submittedUid: null });
}

/** The draft that is shown. */
export function selectActive(state: IntakeState): OpenDraft | null {
  return state.drafts.find((draft) => draft.key === state.activeKey) ?? null;
}

/** Changes one draft, if it is still open. */
export function patchDraft(key: string, patch: Partial<OpenDraft>): void {
  useIntakeStore.setState((state) => ({
    drafts: state.drafts.map((draft) => (draft.key === key ? { ...draft, ...patch } : draft)),
  }));
}

/** Keeps what is typed into a picker of a draft; null or empty forgets it. */
export function keepTyped(key: string, field: string, text: string | null): void {
  const { [field]: before, ...others } = findDraft(key)?.typed ?? {};
  if ((before ?? '') === (text ?? '')) return;
  patchDraft(key, { typed: text ? { ...others, [field]: text } : others });
}

export function findDraft(key: string): OpenDraft | null {
  return useIntakeStore.getState().drafts.find((draft) => draft.key === key) ?? null;
}
