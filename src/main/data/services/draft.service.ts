import { type Draft, emptyIntake, type IntakeContent, isUntouchedIntake } from '#shared/domain/intake.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import { type DraftId, newId } from '#shared/kernel/ids.ts';
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

/** Discarded drafts that are offered to be brought back. */
const MOST_DISCARDED = 50;
/** Looked through for them: most calls nobody answered leave an empty one. */
const DISCARDED_LOOKED_AT = 1_000;

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

/** Discarded drafts in which something was written, the last one first. Forms of calls nobody wrote about are not among them. */
export function listDiscarded(ctx: Pick<WorkContext, 'db'>): readonly Draft[] {
  return listDiscardedDrafts(ctx.db, DISCARDED_LOOKED_AT)
    .filter(({ content, call }) => !isUntouchedIntake(content, call?.ani ?? ''))
    .slice(0, MOST_DISCARDED);
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
