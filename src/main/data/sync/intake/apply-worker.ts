import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { openEncrypted } from '../../db/open.ts';
import type { OpenDb } from '../../db/sqlite.ts';
import { joinWriteTurns, type PatientTurns } from '../../db/write-turns.ts';
import { DataError, toDataError } from '../../errors.ts';
import { compileRowChecks } from '../apply-rows.ts';
import { type ApplyFailure, applyInSlices, applySlice } from '../apply-slices.ts';
import { type ReceivedChanges, readPage, readSegment } from './received-rows.ts';
import {
  type Answered,
  type Asked,
  type ChangesHead,
  type ThreadAnswers,
  type ThreadRequest,
  threadSetupSchema,
} from './thread-messages.ts';

/** A transaction ends after this long, or after the first rows when somebody else wants to write: they wait for those and a commit. */
const SLICE_MS = 12;
const SLICE_LEAST = 16;
/** Frames of the write-ahead log that are copied back in one go, here, where nobody waits for it. An agent's commit waits for what is not on the disk yet. */
const ENOUGH_FRAMES = 1_000;
/** With so many frames in it the log is copied while nobody writes: only one that is copied to its end begins anew, and agents may write on end. */
const TOO_MANY_FRAMES = 8_000;
/** How often others' frames are looked after. */
const LOOK_MS = 500;
const CACHE_KIB = 32_000;
/** One page or segment is applied while the next one is read; what was never applied is forgotten. */
const MOST_KEPT = 4;

const frames = z.object({ log: z.number(), checkpointed: z.number() });

/** By scope; a segment has one, under the empty name. */
type Content = ReadonlyMap<string, ReceivedChanges>;
const SEGMENT = '';

const toHead = ({ length, removed }: ReceivedChanges): ChangesHead => ({ length, removed });

class ApplyWorker {
  readonly #db: OpenDb;
  readonly #turns: PatientTurns;
  readonly #kept = new Map<number, Content>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    const { path, key, nativeBinding, turns } = threadSetupSchema.parse(workerData);
    this.#db = openEncrypted(path, key, { nativeBinding, durability: 'normal', cacheKib: CACHE_KIB });
    // Copied back between two transactions, while others may write.
    this.#db.pragma('wal_autocheckpoint=0');
    this.#turns = joinWriteTurns(turns);
    this.#timer = setInterval(() => this.#copyBack(), LOOK_MS);
  }

  async answer(asked: Asked): Promise<ThreadAnswers[ThreadRequest['kind']]> {
    switch (asked.kind) {
      case 'page': {
        const page = readPage(asked.body);
        if (typeof page === 'string') return page;
        this.#keep(asked.content, page.changes);
        return {
          head: page.head,
          changes: new Map([...page.changes].map(([scope, changes]) => [scope, toHead(changes)])),
        };
      }
      case 'segment': {
        const changes = await readSegment(asked.bytes, asked.packing, asked.entry);
        if (!changes) return null;
        this.#keep(asked.content, new Map([[SEGMENT, changes]]));
        return toHead(changes);
      }
      case 'apply':
        return this.#apply(asked);
      case 'close':
        clearInterval(this.#timer);
        this.#db.close();
        return null;
      default:
        return assertNever(asked, 'kind');
    }
  }

  #keep(content: number, changes: Content): void {
    this.#kept.set(content, changes);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) return;
      this.#kept.delete(oldest);
    }
  }

  #apply({ job, content, start, actor, now }: Extract<Asked, { kind: 'apply' }>): ApplyFailure | null {
    const kept = this.#kept.get(content);
    const changes = (kept?.get(start.scope) ?? kept?.get(SEGMENT))?.rest(start.seq);
    if (!changes) return { code: 'INTERNAL', detail: `${start.scope}: cannot be read` };
    const slices = applyInSlices(start, changes, (from, mostRows) =>
      this.#turns.write(() => {
        const begun = performance.now();
        const isEnough = (rows: number) =>
          rows >= mostRows ||
          this.#turns.isStopped(job) ||
          (rows >= SLICE_LEAST && (this.#turns.isWanted() || performance.now() - begun >= SLICE_MS));
        return applySlice(this.#db, start, changes, from, { actor, now, isEnough });
      }),
    );
    while (!this.#turns.isStopped(job)) {
      const step = slices.next();
      if (step.done) {
        if (step.value === null) this.#forget(content, start.scope);
        return step.value;
      }
      this.#copyBack();
    }
    return null;
  }

  /** What was applied is not asked for again. */
  #forget(content: number, scope: string): void {
    const kept = this.#kept.get(content);
    const rest = new Map([...(kept ?? [])].filter(([name]) => name !== scope && name !== SEGMENT));
    if (rest.size > 0) this.#kept.set(content, rest);
    else this.#kept.delete(content);
  }

  #copyBack(): void {
    try {
      const { log, checkpointed } = frames.parse(this.#db.get('PRAGMA wal_checkpoint(NOOP)'));
      // PASSIVE waits for nobody and holds nobody up: neither those who read nor those who write.
      const copy = () => this.#db.get('PRAGMA wal_checkpoint(PASSIVE)');
      if (log >= TOO_MANY_FRAMES) this.#turns.write(copy);
      else if (log - checkpointed >= ENOUGH_FRAMES) copy();
    } catch {
      // As when SQLite does it by itself: what is wrong with the disk shows with the next row, and is told there.
    }
  }
}

const port = parentPort;
if (!port) throw new Error('not started as a thread');
const worker = new ApplyWorker();
compileRowChecks();
let before = Promise.resolve();
port.on('message', (asked: Asked) => {
  before = before.then(async () => {
    const answer = await worker.answer(asked).catch((error: unknown) => whatFailed(asked, error));
    port.postMessage({ job: asked.job, answer } satisfies Answered);
    if (asked.kind === 'close') port.close();
  });
});

/** An error is the answer to what was asked, not the end of the thread. */
function whatFailed({ kind }: Asked, error: unknown): ThreadAnswers[ThreadRequest['kind']] {
  if (kind === 'page') return 'CUT_OFF';
  if (kind !== 'apply') return null;
  const known = toDataError(error);
  const code = known instanceof DataError ? known.code : 'INTERNAL';
  return { code, detail: known instanceof Error ? known.message : 'rows cannot be applied' };
}
