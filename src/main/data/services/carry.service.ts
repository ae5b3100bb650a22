import { randomBytes, randomUUID } from 'node:crypto';
import { CARRIED_FILE_MAX, type CarriedItem, MOST_CARRIED_FILES } from '#shared/contract/carried.contract.ts';
import { DECIDING_ROLES } from '#shared/domain/roles.ts';
import type { ConsoleId, UserId } from '#shared/kernel/ids.ts';
import { CARRIED_PART_LENGTH, type CarriedPart, type CarriedText, signedText } from '#shared/sync/carried.ts';
import { PUSH_MAX_OPS, SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import type { BundledFile, FileBundles } from '../attachments/file-bundle.ts';
import { DataError } from '../errors.ts';
import {
  findAttachment,
  holdAttachment,
  listUnsentAttachments,
  wantAttachments,
} from '../repositories/attachment.repository.ts';
import {
  type CarriedWork,
  findCarriedWork,
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

/** What a file holds: signed parts, and the attachments behind its first line with the key they are sealed with (32 bytes, base64). */
export interface CarriedContent {
  readonly parts: readonly CarriedPart[];
  readonly bundle?: { readonly key: string; readonly files: readonly BundledFile[] } | undefined;
}

/** What carrying needs besides the work itself: the console's own key, which only the session holds. */
export interface CarryDeps {
  readonly mode: 'demo' | 'production';
  /** Signature of a text by this console, base64. */
  sign(text: string): string;
  /** The content as the text of a file: encrypted with the passphrase, signed by this console. */
  seal(about: CarriedAbout, content: CarriedContent, passphrase: string): Promise<string>;
  /** Opens such a text. @throws DataError CARRIED_FOREIGN, CARRIED_DAMAGED, CARRIED_PASSPHRASE */
  open(text: string, passphrase: string): Promise<{ readonly head: CarriedAbout; readonly content: CarriedContent }>;
  readonly bundles: FileBundles;
}

/**
 * The work that waits here as a file for another seat, encrypted with a passphrase and signed. It stays here as well: whichever way reaches
 * the server first counts.
 * @throws DataError NOT_FOUND when nothing waits, BAD_INPUT when it is more than a file holds
 */
export async function saveCarried(
  ctx: WorkContext,
  { mode, sign, seal, bundles }: CarryDeps,
  passphrase: string,
): Promise<SavedWork> {
  const { db, user, consoleId, clock } = ctx;
  const waiting = listWaitingTexts(db, 0, Number.MAX_SAFE_INTEGER);
  const files = listUnsentHere(ctx);
  if (waiting.length + files.length === 0) throw new DataError('NOT_FOUND', 'nothing waits');
  if (files.length > MOST_CARRIED_FILES) throw new DataError('BAD_INPUT', 'more than a file holds');
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
  const key = randomBytes(32);
  const bundle = files.length === 0 ? {} : { bundle: { key: key.toString('base64'), files } };
  const text = await seal(about, { parts, ...bundle }, passphrase);
  if (text.length > CARRIED_FILE_MAX) throw new DataError('BAD_INPUT', 'more than a file holds');
  // From now on somebody else may hand them in: none of them counts as never sent.
  ctx.carried(waiting.map(({ opId }) => opId));
  if (files.length > 0) bundles.beginOut(about.id, key, files);
  const stamp = new Date(savedAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return {
    id: about.id,
    // With attachments it is no text any more.
    fileName: `unsent-work-${user.seat}-${stamp}.hotline${files.length === 0 ? '.json' : ''}`,
    text,
    operations: waiting.length,
    files: files.length,
  };
}

/** The first line of a file for another seat; with `files` the bytes of the bundle `id` follow. */
export interface SavedWork {
  readonly id: string;
  readonly fileName: string;
  readonly text: string;
  readonly operations: number;
  readonly files: number;
}

/** Attachments the server does not have and this console does. */
function listUnsentHere({ db, files }: WorkContext): readonly BundledFile[] {
  return listUnsentAttachments(db)
    .filter(({ sha256 }) => files.placeOf(sha256) !== null)
    .map(({ sha256, size, name }) => ({ sha256, size, name }));
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
 * Takes the file of another console over by its first line, to be handed in from here; on disk when this returns. Attachments are missing until
 * {@link takeCarriedBytes} has read them; the same file may be taken again for those.
 * @throws DataError CARRIED_FOREIGN for a file of something else, of another centre, or of this very console; CARRIED_DAMAGED;
 * CARRIED_PASSPHRASE; CARRIED_TWICE; FORBIDDEN for somebody else's work unless by a 班长, 督办员 or 管理员
 */
export async function takeCarried(
  ctx: WorkContext,
  { mode, open, bundles }: CarryDeps,
  text: string,
  passphrase: string,
): Promise<CarriedItem> {
  const { db, user, consoleId, clock } = ctx;
  const { head, content } = await open(text, passphrase);
  if (head.mode !== mode || head.centre !== user.centre || head.console === consoleId) {
    throw new DataError('CARRIED_FOREIGN', 'of another centre or of this console');
  }
  if (head.user !== user.id && !DECIDING_ROLES.includes(user.role)) {
    throw new DataError('FORBIDDEN', 'the work of somebody else');
  }
  const { id, console, seat, name, savedAt, operations } = head;
  const { parts, bundle } = content;
  const files = bundle?.files.map(({ sha256 }) => sha256) ?? [];
  const work = { id, console, seat, name, savedAt, importedAt: clock.now(), operations, parts, files };
  const taken = ctx.write(() =>
    db.transaction(() => {
      const known = findCarriedWork(db, id);
      if (known && countFiles(ctx, files).missing === 0) throw new DataError('CARRIED_TWICE', 'brought here before');
      if (known) return known;
      insertCarriedWork(db, work);
      return { ...work, total: parts.length, done: 0, results: [], problem: '', triedAt: null };
    }),
  );
  if (bundle) bundles.beginIn(id, Buffer.from(bundle.key, 'base64'), bundle.files);
  ctx.carriedIn();
  ctx.announce(['outbox', 'sync']);
  return toItem(ctx, taken);
}

/**
 * Takes the next bytes of its attachments over. What is whole is on disk and waits for the server when this returns.
 * @returns how many attachments are still to come
 * @throws DataError NOT_FOUND, CARRIED_CUT, and the storage's own
 */
export function takeCarriedBytes(ctx: WorkContext, { bundles }: CarryDeps, id: string, bytes: Uint8Array): number {
  const { db } = ctx;
  const { arrived, left } = ctx.write(() => bundles.take(id, bytes));
  if (arrived.length === 0) return left;
  ctx.write(() =>
    db.transaction(() => {
      for (const file of arrived) {
        holdAttachment(db, file);
        wantAttachments(db, [file.sha256], id);
      }
    }),
  );
  ctx.wakeFiles();
  ctx.announce(['outbox', 'attachments']);
  return left;
}

/** Files that were brought here, with what became of their work; the last one first. */
export function listCarriedItems(ctx: WorkContext): readonly CarriedItem[] {
  return listCarriedWork(ctx.db).map((work) => toItem(ctx, work));
}

function countFiles({ db }: Pick<WorkContext, 'db'>, hashes: readonly string[]): CarriedItem['files'] {
  const states = hashes.map((sha256) => findAttachment(db, sha256)?.state);
  return {
    total: hashes.length,
    sent: states.filter((state) => state === 'sent').length,
    missing: states.filter((state) => state === undefined).length,
  };
}

function toItem(ctx: WorkContext, { parts: _parts, total, done, results, files, ...work }: CarriedWork): CarriedItem {
  const refused = results.filter(({ code }) => code === 'rejected' || code === 'blocked');
  return {
    ...work,
    isDone: done === total,
    applied: results.length - refused.length,
    refused: refused.map(({ opId, reason = '' }) => ({ opId, reason })),
    files: countFiles(ctx, files),
  };
}
