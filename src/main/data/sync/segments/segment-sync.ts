import { tableOfScope } from '#shared/sync/protocol.ts';
import {
  mayHaveSegments,
  SEGMENT_MAX_CHANGES,
  type SegmentEntry,
  type SegmentManifest,
  segmentManifestSchema,
} from '#shared/sync/segments.ts';
import { findScope, listScopes, type ScopeState, saveScope } from '../../repositories/scope.repository.ts';
import type { ChangeSet, RowIntake } from '../intake/row-intake.ts';
import { toProblem } from '../problems.ts';
import { countKnown, isMassDelete } from '../remove-rows.ts';
import type { ServerScopes } from '../start-session.ts';
import type { SyncContext, SyncProblem } from '../sync-context.ts';
import { type FetchedSegment, fetchSegment } from './fetch-segment.ts';

/** How often a segment that is not what the manifest says is fetched, and how often a newer manifest is asked for in one go. */
const MOST_TRIES = 3;
const MOST_MANIFESTS = 5;
/** A scope with fewer changes is pulled without asking: most months of a small line. */
const WORTH_ASKING = 1_000;
/** After so many runs in a row without anything of a scope, something on the way does not let its segments through. */
const MOST_VAIN_RUNS = 3;

type Told = ServerScopes[number];

export interface SegmentSync {
  /**
   * Brings scopes that are far behind forward by segments, as far as the server has them; a pull has to follow. Segments are nothing but
   * prepared answers to a pull: each moves the cursor of its scope, so that whatever ends this, goes on from there.
   * @param told where the server stands
   */
  run(told: ServerScopes, run: Run): Promise<SyncProblem | null>;
}

/** What the scopes of one run share. */
interface Run {
  readonly signal: AbortSignal;
  /** Runs after each segment and may end the run with a problem. */
  readonly between: () => Promise<SyncProblem | null>;
  /** How many rows each scope lost so far; raised here, and taken over by the pull. */
  readonly deletes: Map<string, number>;
}

/** How the segments of a manifest ended: a problem of this side, or one in fetching them. */
type Outcome = 'complete' | 'gone' | 'useless' | { readonly own: SyncProblem } | { readonly unreached: SyncProblem };

export function createSegmentSync(ctx: SyncContext, intake: RowIntake): SegmentSync {
  /** Scopes whose segments were of no use, until the next start; they are pulled. */
  const avoided = new Set<string>();
  /** Runs in a row that ended with a problem before anything of a scope had come. */
  const vainRuns = new Map<string, number>();
  /** The segments of a scope were given up and none has come since: those of the others get one run. */
  let isBlocked = false;

  /** Counts a run in which nothing of a scope has come. @returns true when it is pulled from now on */
  const giveUp = (scope: string): boolean => {
    const runs = (vainRuns.get(scope) ?? 0) + 1;
    vainRuns.set(scope, runs);
    if (runs < MOST_VAIN_RUNS && !isBlocked) return false;
    isBlocked = true;
    avoided.add(scope);
    return true;
  };

  const find = (scope: string) => listScopes(ctx.bulk).find((state) => state.scope === scope);

  /** Whether segments are worth a request: a pull brings the rest of a nearly complete scope as quickly. */
  const isFarBehind = (told: Told): boolean => {
    const state = find(told.id);
    // While deletes are held every row is looked at more closely; a pull does that.
    if (!state?.isGranted || state.held !== null || state.epoch !== told.epoch) return false;
    return state.seq === 0 ? told.seq >= WORTH_ASKING : told.seq - state.seq >= SEGMENT_MAX_CHANGES;
  };

  const askManifest = (state: ScopeState, signal: AbortSignal) => {
    const query = new URLSearchParams({
      scope: state.scope,
      epoch: String(state.epoch),
      seq: String(state.seq),
      ...(state.parity === 'unknown' || state.swept < state.round ? { anew: 'true' } : {}),
    });
    return ctx.client.get(`/sync/segments?${query}`, segmentManifestSchema, ctx.timeouts.pullMs, signal);
  };

  /** Fetches a segment until it is what the manifest says; a line that fails is left to the next run. */
  const fetchWhole = async (entry: SegmentEntry, signal: AbortSignal): Promise<FetchedSegment> => {
    for (let tries = 1; ; tries++) {
      const fetched = await fetchSegment(ctx.client, intake.readSegment, entry, signal);
      if (tries === MOST_TRIES || signal.aborted || fetched.kind !== 'damaged') return fetched;
    }
  };

  /** Applies one segment in short transactions and moves the cursor to its end. */
  const apply = async (
    scope: string,
    { until }: SegmentEntry,
    content: ChangeSet,
    { signal, deletes }: Run,
  ): Promise<SyncProblem | null> => {
    const state = find(scope);
    if (!state) return null;
    const before = deletes.get(scope) ?? 0;
    const known = countKnown(ctx.bulk, state, content.removed);
    const held = isMassDelete(before + known, state) ? 'mass-delete' : null;
    const error = await content.apply({ ...state, held }, signal);
    // What did not go is counted when it comes again.
    deletes.set(scope, before + known - (error ? countKnown(ctx.bulk, state, content.removed) : 0));
    if (!error && !signal.aborted) {
      moveCursor(ctx, state.id, until);
      vainRuns.delete(scope);
      isBlocked = false;
    }
    ctx.announce([tableOfScope(scope), 'sync']);
    return error;
  };

  const applyAll = async ({ scope, seq, segments }: SegmentManifest, run: Run): Promise<Outcome> => {
    const { signal } = run;
    const leaving = new AbortController();
    const fetching = AbortSignal.any([signal, leaving.signal]);
    let next = segments[0] && fetchWhole(segments[0], fetching);
    try {
      for (const [index, entry] of segments.entries()) {
        const fetched = await next;
        if (signal.aborted || !fetched) return 'complete';
        if (fetched.kind === 'gone') return 'gone';
        if (fetched.kind === 'damaged') return 'useless';
        if (fetched.kind === 'problem') return { unreached: fetched.problem };
        // The next one is fetched while this one is applied.
        const following = segments[index + 1];
        next = following && fetchWhole(following, fetching);
        const problem = await apply(scope, entry, fetched.content, run);
        // A row that does not apply stops the cursor before it; the pull tells what is the matter.
        if (problem) return problem.code === 'INTERNAL' && !isOver(problem) ? 'useless' : { own: problem };
        const stopped = signal.aborted ? null : await run.between();
        if (stopped) return { own: stopped };
      }
    } finally {
      leaving.abort();
      await next;
    }
    const state = find(scope);
    if (state && !signal.aborted) moveCursor(ctx, state.id, seq);
    return 'complete';
  };

  const runScope = async (scope: string, run: Run): Promise<SyncProblem | null> => {
    const begun = find(scope)?.seq ?? 0;
    /** A problem in fetching: after too many of them the pull has to do. */
    const fail = (problem: SyncProblem): SyncProblem | null => {
      const isVain = (find(scope)?.seq ?? 0) === begun && problem.connection === 'offline';
      return isVain && giveUp(scope) ? null : problem;
    };
    for (let manifests = 0; manifests < MOST_MANIFESTS; manifests++) {
      const state = find(scope);
      if (!state) return null;
      const reply = await askManifest(state, run.signal);
      if (run.signal.aborted) return null;
      if (reply.kind === 'unreachable') return fail(toProblem(reply));
      // None, or a cursor that has to start anew: the pull sees to it.
      if (reply.kind === 'refused') return null;
      const { value: manifest } = reply;
      if (manifest.scope !== scope || manifest.epoch !== state.epoch) return null;
      const outcome = await applyAll(manifest, run);
      if (outcome === 'gone') continue;
      if (outcome === 'useless') avoided.add(scope);
      if (typeof outcome === 'string') return null;
      return 'own' in outcome ? outcome.own : fail(outcome.unreached);
    }
    return null;
  };

  return {
    run: async (told, run) => {
      for (const scope of told) {
        if (run.signal.aborted) return null;
        if (!mayHaveSegments(scope.id) || avoided.has(scope.id) || !isFarBehind(scope)) continue;
        const problem = await runScope(scope.id, run);
        if (problem) return problem;
      }
      return null;
    },
  };
}

/** Whoever applied it is no longer there: nothing is said of the segment, which is asked for again. */
function isOver({ connection }: SyncProblem): boolean {
  return connection === 'offline';
}

function moveCursor(ctx: SyncContext, id: number, seq: number): void {
  ctx.write(() =>
    ctx.bulk.transaction(() => {
      const state = findScope(ctx.bulk, id);
      if (state && state.seq < seq) saveScope(ctx.bulk, { ...state, seq });
    }),
  );
}
