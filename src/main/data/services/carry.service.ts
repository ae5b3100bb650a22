import { randomUUID } from 'node:crypto';
import { CARRIED_FILE_MAX, type CarriedItem } from '#shared/contract/carried.contract.ts';
import { DECIDING_ROLES } from '#shared/domain/roles.ts';
import type { ConsoleId, UserId } from '#shared/kernel/ids.ts';
import { CARRIED_PART_LENGTH, type CarriedPart, type CarriedText, signedText } from '#shared/sync/carried.ts';
import { PUSH_MAX_OPS, SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import { DataError } from '../errors.ts';
import {
  type CarriedWork,
  hasCarriedWork,
  insertCarriedWork,
  listCarriedWork,
} from '../repositories/carried-work.repository.ts';
import { getIdentity } from '../repositories/identity.repository.ts';
import { listWaitingTexts } from '../repositories/outbox.repository.ts';
import type { WorkContext } from './work-context.ts';

/** What a file says in the clear. */
export interface CarriedAbout {
  readonly id: string;
  readonly mode: 'demo' | 'production';
  readonly centre: string;
  readonly console: ConsoleId;
  readonly user: UserId;
  readonly seat: string;
  readonly name: string;
  readonly savedAt: number;
  readonly operations: number;
}

/** What carrying needs besides the work itself: the console's own key, which only the session holds. */
export interface CarryDeps {
  readonly mode: 'demo' | 'production';
  /** Signature of a text by this console, base64. */
  sign(text: string): string;
  /** The parts as the text of a file: encrypted with the passphrase, signed by this console. */
  seal(about: CarriedAbout, parts: readonly CarriedPart[], passphrase: string): Promise<string>;
  /** Opens such a text. @throws DataError CARRIED_FOREIGN, CARRIED_DAMAGED, CARRIED_PASSPHRASE */
  open(
    text: string,
    passphrase: string,
  ): Promise<{ readonly head: CarriedAbout; readonly parts: readonly CarriedPart[] }>;
}

/**
 * The work that waits here as a file for another seat, encrypted with a passphrase and signed. It stays here as well: whichever way reaches
 * the server first counts.
 * @throws DataError NOT_FOUND when nothing waits, BAD_INPUT when it is more than a file holds
 */
export async function saveCarried(
  ctx: WorkContext,
  { mode, sign, seal }: CarryDeps,
  passphrase: string,
): Promise<{ readonly fileName: string; readonly text: string; readonly operations: number }> {
  const { db, user, consoleId, clock } = ctx;
  const waiting = listWaitingTexts(db, 0, Number.MAX_SAFE_INTEGER);
  if (waiting.length === 0) throw new DataError('NOT_FOUND', 'nothing waits');
  const savedAt = clock.now();
  const { incarnation } = getIdentity(db);
  const parts = toParts(
    waiting.map(({ text }) => text),
    (ops) => ({
      format: 'hotline-carried',
      version: 1,
      console: consoleId,
      incarnation,
      schema: SCHEMA_VERSION,
      user: user.id,
      ops: ops.map((op): unknown => JSON.parse(op)),
    }),
    sign,
  );
  const about = {
    id: randomUUID(),
    mode,
    centre: user.centre,
    console: consoleId,
    user: user.id,
    seat: user.seat,
    name: user.name,
    savedAt,
    operations: waiting.length,
  };
  const text = await seal(about, parts, passphrase);
  if (text.length > CARRIED_FILE_MAX) throw new DataError('BAD_INPUT', 'more than a file holds');
  // From now on somebody else may hand them in: none of them counts as never sent.
  ctx.carried(waiting.map(({ opId }) => opId));
  const stamp = new Date(savedAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return { fileName: `unsent-work-${user.seat}-${stamp}.hotline.json`, text, operations: waiting.length };
}

function toParts(
  ops: readonly string[],
  wrap: (ops: readonly string[]) => CarriedText,
  sign: CarryDeps['sign'],
): CarriedPart[] {
  const parts: CarriedPart[] = [];
  let taken: string[] = [];
  let length = 0;
  const close = () => {
    if (taken.length === 0) return;
    const text = JSON.stringify(wrap(taken));
    parts.push({ text, signature: sign(signedText('part', text)) });
    taken = [];
    length = 0;
  };
  for (const op of ops) {
    if (length + op.length > CARRIED_PART_LENGTH || taken.length === PUSH_MAX_OPS) close();
    taken.push(op);
    length += op.length;
  }
  close();
  return parts;
}

/**
 * Takes the file of another console over, to be handed in from here; on disk when this returns.
 * @throws DataError CARRIED_FOREIGN for a file of something else, of another centre, or of this very console; CARRIED_DAMAGED;
 * CARRIED_PASSPHRASE; CARRIED_TWICE; FORBIDDEN for somebody else's work unless by a 班长, 督办员 or 管理员
 */
export async function takeCarried(
  ctx: WorkContext,
  { mode, open }: CarryDeps,
  text: string,
  passphrase: string,
): Promise<CarriedItem> {
  const { db, user, consoleId, clock } = ctx;
  const { head, parts } = await open(text, passphrase);
  if (head.mode !== mode || head.centre !== user.centre || head.console === consoleId) {
    throw new DataError('CARRIED_FOREIGN', 'of another centre or of this console');
  }
  if (head.user !== user.id && !DECIDING_ROLES.includes(user.role)) {
    throw new DataError('FORBIDDEN', 'the work of somebody else');
  }
  const { id, console, seat, name, savedAt, operations } = head;
  const work = { id, console, seat, name, savedAt, importedAt: clock.now(), operations, parts };
  ctx.write(() =>
    db.transaction(() => {
      if (hasCarriedWork(db, id)) throw new DataError('CARRIED_TWICE', 'brought here before');
      insertCarriedWork(db, work);
    }),
  );
  ctx.carriedIn();
  ctx.announce(['outbox', 'sync']);
  return toItem({ ...work, total: work.parts.length, done: 0, results: [], problem: '', triedAt: null });
}

/** Files that were brought here, with what became of their work; the last one first. */
export function listCarriedItems({ db }: WorkContext): readonly CarriedItem[] {
  return listCarriedWork(db).map(toItem);
}

function toItem({ parts: _parts, total, done, results, ...work }: CarriedWork): CarriedItem {
  const refused = results.filter(({ code }) => code === 'rejected' || code === 'blocked');
  return {
    ...work,
    isDone: done === total,
    applied: results.length - refused.length,
    refused: refused.map(({ opId, reason = '' }) => ({ opId, reason })),
  };
}
