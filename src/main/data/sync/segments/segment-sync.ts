import { tableOfScope } from '#shared/sync/protocol.ts';
import {
  mayHaveSegments,
  SEGMENT_MAX_CHANGES,
  type SegmentEntry,
  type SegmentManifest,
  segmentManifestSchema,
} from '#shared/sync/segments.ts';
import { findScope, listScopes, type ScopeState, saveScope } from '../../repositories/scope.repository.ts';
import { applyChanges, type Changes } from '../apply-slices.ts';
import { toProblem } from '../problems.ts';
import { countKnown, isMassDelete } from '../remove-rows.ts';
import type { ServerScopes } from '../start-session.ts';
import type { SyncContext, SyncProblem } from '../sync-context.ts';
import { type FetchedSegment, fetchSegment } from './fetch-segment.ts';

/** How often a segment that does not arrive whole is fetched, and how often a newer manifest is asked for in one go. */
const MOST_TRIES = 3;
const MOST_MANIFESTS = 5;

type Told = ServerScopes[number];
type Content = Extract<FetchedSegment, { kind: 'content' }>['content'];

export interface SegmentSync {
  /**
   * Brings scopes that are far behind forward by segments, as far as the server has them; a pull has to follow. Segments are nothing but
   * prepared answers to a pull: each moves the cursor of its scope, so that whatever ends this, goes on from there.
   * @param told where the server stands
   * @param between runs after each segment and may end it with a problem
   */
  run(told: ServerScopes, signal: AbortSignal, between: () => Promise<SyncProblem | null>): Promise<SyncProblem | null>;
}

export function createSegmentSync(ctx: SyncContext): SegmentSync {
  /** Scopes whose segments were of no use, until the next start; they are pulled. */
  const avoided = new Set<string>();

  const find = (scope: string) => listScopes(ctx.bulk).find((state) => state.scope === scope);

  /** Whether segments are worth a request: a pull brings the rest of a nearly complete scope as quickly. */
  const isFarBehind = (told: Told): boolean => {
    const state = find(told.id);
    // While deletes are held every row is looked at more closely; a pull does that.
    if (!state?.isGranted || state.held !== null || state.epoch !== told.epoch) return false;
    return state.seq === 0 ? told.seq > 0 : told.seq - state.seq >= SEGMENT_MAX_CHANGES;
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

  /** Fetches a segment until it comes whole. */
  const fetchWhole = async (entry: SegmentEntry, signal: AbortSignal): Promise<FetchedSegment> => {
    for (let tries = 1; ; tries++) {
      const fetched = await fetchSegment(ctx.client, entry, signal);
      if (tries === MOST_TRIES || signal.aborted || fetched.kind === 'content' || fetched.kind === 'gone')
        return fetched;
    }
  };

  /** Applies one segment in short transactions and moves the cursor to its end. */
  const apply = async (
    scope: string,
    { until }: SegmentEntry,
    content: Content,
    signal: AbortSignal,
  ): Promise<SyncProblem | null> => {
    const state = find(scope);
    if (!state) return null;
    const held = isMassDelete(countKnown(ctx.bulk, state, content.removed), state.count) ? 'mass-delete' : null;
    const { error } = await applyChanges(ctx, { ...state, held }, after(content, state.seq), signal);
    if (!error && !signal.aborted) moveCursor(ctx, state.id, until);
    ctx.announce([tableOfScope(scope), 'sync']);
    return error;
  };

  const applyAll = async (
    { scope, seq, segments }: SegmentManifest,
    signal: AbortSignal,
    between: () => Promise<SyncProblem | null>,
  ): Promise<SyncProblem | 'complete' | 'gone' | 'useless'> => {
    const leaving = new AbortController();
    const fetching = AbortSignal.any([signal, leaving.signal]);
    let next = segments[0] && fetchWhole(segments[0], fetching);
    try {
      for (const [index, entry] of segments.entries()) {
        const fetched = await next;
        if (signal.aborted || !fetched) return 'complete';
        if (fetched.kind === 'gone') return 'gone';
        if (fetched.kind === 'damaged') return 'useless';
        if (fetched.kind === 'problem') return fetched.problem;
        // The next one is fetched while this one is applied.
        const following = segments[index + 1];
        next = following && fetchWhole(following, fetching);
        const problem = await apply(scope, entry, fetched.content, signal);
        // A row that does not apply stops the cursor before it; the pull tells what is the matter.
        if (problem) return problem.code === 'INTERNAL' ? 'useless' : problem;
        const stopped = signal.aborted ? null : await between();
        if (stopped) return stopped;
      }
    } finally {
      leaving.abort();
      await next;
    }
    const state = find(scope);
    if (state && !signal.aborted) moveCursor(ctx, state.id, seq);
    return 'complete';
  };

  const runScope = async (
    scope: string,
    signal: AbortSignal,
    between: () => Promise<SyncProblem | null>,
  ): Promise<SyncProblem | null> => {
    for (let manifests = 0; manifests < MOST_MANIFESTS; manifests++) {
      const state = find(scope);
      if (!state) return null;
      const reply = await askManifest(state, signal);
      if (signal.aborted) return null;
      if (reply.kind === 'unreachable') return toProblem(reply);
      // None, or a cursor that has to start anew: the pull sees to it.
      if (reply.kind === 'refused') return null;
      const { value: manifest } = reply;
      if (manifest.scope !== scope || manifest.epoch !== state.epoch) return null;
      const outcome = await applyAll(manifest, signal, between);
      if (outcome === 'gone') continue;
      if (outcome === 'useless') avoided.add(scope);
      return typeof outcome === 'string' ? null : outcome;
    }
    return null;
  };

  return {
    run: async (told, signal, between) => {
      for (const scope of told) {
        if (signal.aborted) return null;
        if (!mayHaveSegments(scope.id) || avoided.has(scope.id) || !isFarBehind(scope)) continue;
        const problem = await runScope(scope.id, signal, between);
        if (problem) return problem;
      }
      return null;
    },
  };
}

/** The changes of a segment behind a cursor that stands inside of it. */
function after(content: Content, seq: number): Changes {
  let [low, high] = [0, content.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((content.at(middle)?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return { length: content.length - low, at: (index: number) => content.at(low + index) };
}

function moveCursor(ctx: SyncContext, id: number, seq: number): void {
  ctx.write(() =>
    ctx.bulk.transaction(() => {
      const state = findScope(ctx.bulk, id);
      if (state && state.seq < seq) saveScope(ctx.bulk, { ...state, seq });
    }),
  );
}
