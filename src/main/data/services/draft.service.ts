import { type Draft, emptyIntake, type IntakeContent, isUntouchedIntake } from '#shared/domain/intake.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import { type DraftId, newId } from '#shared/kernel/ids.ts';
import { foldText } from '#shared/kernel/text.ts';
import { DataError } from '../errors.ts';
import { upsertCall } from '../repositories/call.repository.ts';
import {
  findDraft,
  findDraftByCall,
  insertDraft,
  listDiscardedDrafts,
  listOpenDrafts,
  moveDraft,
  type StoredDraft,
  updateDraftContent,
} from '../repositories/draft.repository.ts';
import type { WorkContext } from './work-context.ts';

/** Discarded drafts that are shown at once. */
const MOST_DISCARDED = 50;
/** Looked through for what is asked for: weeks of a busy seat. */
const DISCARDED_LOOKED_AT = 2_000;

/**
 * The draft of a call: made at its first ring, the same one ever after. Without a call a blank draft is made each time.
 * It is on disk when this returns.
 * @param further one more draft for another matter in the same call
 */
export function openDraft(ctx: WorkContext, call: CallFacts | null, further = false): Draft {
  const now = ctx.clock.now();
  const draft = ctx.write(() =>
    ctx.db.transaction((): Draft => {
      if (call) {
        upsertCall(ctx.db, call, now);
        const existing = further ? null : findDraftByCall(ctx.db, call.callId);
        if (existing) {
          // A draft that was thrown away while the call still rings comes back with the call.
          if (existing.state === 'discarded') moveDraft(ctx.db, existing.draft.id, 'open', now);
          return existing.draft;
        }
      }
      const fresh: Draft = {
        id: newId<DraftId>(now),
        // A call has one draft of its own; a further one only knows its facts.
        callId: further ? null : (call?.callId ?? null),
        call,
        revision: 0,
        content: emptyIntake(call ? normalizePhone(call.ani) : ''),
        createdAt: now,
        updatedAt: now,
        handedFrom: null,
        handedTo: null,
        handOffs: [],
        ticketUid: null,
        correctsUid: null,
        parentUid: null,
      };
      insertDraft(ctx.db, fresh);
      return fresh;
    }),
  );
  ctx.announce(call ? ['drafts', 'calls'] : ['drafts']);
  return draft;
}

/** What a save did. */
export interface SavedDraft {
  readonly revision: number;
  readonly savedAt: number;
}

/**
 * Saves the whole form; on disk when this returns.
 * @throws DataError NOT_FOUND (unknown or discarded), DRAFT_SUBMITTED (with the ticket), DRAFT_STALE (with the revision on disk)
 */
export function saveDraft(ctx: WorkContext, id: string, revision: number, content: IntakeContent): SavedDraft {
  const now = ctx.clock.now();
  const result = ctx.write(() =>
    ctx.db.transaction((): SavedDraft => {
      const { draft } = getOpenDraft(ctx, id);
      if (draft.revision === revision + 1 && sameContent(draft.content, content)) {
        // The answer to this very save was lost (the process had to be restarted); it is on disk already.
        return { revision: draft.revision, savedAt: draft.updatedAt };
      }
      if (draft.revision !== revision) {
        throw new DataError('DRAFT_STALE', 'draft was changed elsewhere', { revision: draft.revision });
      }
      updateDraftContent(ctx.db, id, revision, content, now);
      return { revision: revision + 1, savedAt: now };
    }),
  );
  ctx.announce(['drafts']);
  return result;
}

function sameContent(a: IntakeContent, b: IntakeContent): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * A draft that can still be written.
 * @throws DataError NOT_FOUND, DRAFT_SUBMITTED
 */
export function getOpenDraft(ctx: WorkContext, id: string): StoredDraft {
  const stored = findDraft(ctx.db, id);
  if (!stored || stored.state === 'discarded') throw new DataError('NOT_FOUND', 'no such draft');
  if (stored.draft.ticketUid !== null) {
    throw new DataError('DRAFT_SUBMITTED', 'draft is a ticket already', { ticketUid: stored.draft.ticketUid });
  }
  return stored;
}

/** A draft in any state but discarded. @throws DataError NOT_FOUND */
export function getDraft(ctx: WorkContext, id: string): Draft {
  const stored = findDraft(ctx.db, id);
  if (!stored || stored.state === 'discarded') throw new DataError('NOT_FOUND', 'no such draft');
  return stored.draft;
}

/** Drafts neither submitted nor discarded. */
export function listDrafts(ctx: WorkContext): readonly Draft[] {
  return listOpenDrafts(ctx.db);
}

/**
 * Takes a draft off the list; its text stays and can be restored.
 * @throws DataError NOT_FOUND, DRAFT_SUBMITTED, BAD_INPUT for a call that was handed over to an emergency service
 */
export function discardDraft(ctx: WorkContext, id: string): void {
  ctx.write(() =>
    ctx.db.transaction(() => {
      const stored = findDraft(ctx.db, id);
      if (stored?.state === 'discarded') return;
      // Somebody was in danger: what is known of a hand-over is never thrown away.
      if (stored && stored.draft.handOffs.length > 0) throw new DataError('BAD_INPUT', 'its call was handed over');
      moveDraft(ctx.db, getOpenDraft(ctx, id).draft.id, 'discarded', ctx.clock.now());
    }),
  );
  ctx.announce(['drafts']);
}

/**
 * Discarded drafts in which something was written, the last one first. Forms of calls nobody wrote about are not among them.
 * @param query words that all have to be in what was written; a number in any way of writing it. Empty: whatever was written.
 * @returns `more`: there are, or may be, more than these
 */
export function listDiscarded(
  ctx: Pick<WorkContext, 'db'>,
  query: string,
): { readonly drafts: readonly Draft[]; readonly more: boolean } {
  const all = listDiscardedDrafts(ctx.db, DISCARDED_LOOKED_AT);
  const digits = normalizePhone(query);
  const words = foldText(query).split(/\s+/).filter(Boolean);
  const isMeant = ({ content }: Draft) => {
    if (words.length === 0) return true;
    const { title, content: text, originalWords, answer, caller, place } = content;
    const written = foldText(
      [title, text, originalWords, answer, caller.name, place.address, place.landmark].join('\n'),
    );
    return (
      words.every((word) => written.includes(word)) || (digits !== '' && normalizePhone(caller.phone).includes(digits))
    );
  };
  const found = all.filter((draft) => !isUntouchedIntake(draft.content, draft.call?.ani ?? '') && isMeant(draft));
  return {
    drafts: found.slice(0, MOST_DISCARDED),
    more: found.length > MOST_DISCARDED || all.length === DISCARDED_LOOKED_AT,
  };
}

/** Brings a discarded draft back. @throws DataError NOT_FOUND, DRAFT_SUBMITTED */
export function restoreDraft(ctx: WorkContext, id: string): Draft {
  const draft = ctx.write(() =>
    ctx.db.transaction((): Draft => {
      const stored = findDraft(ctx.db, id);
      if (!stored) throw new DataError('NOT_FOUND', 'no such draft');
      if (stored.state !== 'discarded') return getOpenDraft(ctx, id).draft;
      const now = ctx.clock.now();
      moveDraft(ctx.db, id, 'open', now);
      return { ...stored.draft, updatedAt: now };
    }),
  );
  ctx.announce(['drafts']);
  return draft;
}
