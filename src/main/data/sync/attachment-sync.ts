import { attachmentHeldSchema } from '#shared/contract/server.contract.ts';
import type { Topic } from '#shared/contract/topics.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { AttachmentFiles } from '../attachments/attachment-files.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { DataError, hasCode } from '../errors.ts';
import {
  keepFetched,
  keepUploadPlace,
  nextToSend,
  noteAttachmentTry,
  type StoredAttachment,
  setAttachmentRefused,
  setAttachmentSent,
} from '../repositories/attachment.repository.ts';
import { downloadAttachment } from './download-attachment.ts';
import type { ServerClient } from './server-client.ts';
import { type UploadOutcome, uploadAttachment } from './upload-attachment.ts';

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
const STATE_TIMEOUT_MS = 15_000;
/** Files wait this long at most while tickets are sent or received; then one piece goes all the same. */
const LONGEST_WAIT_MS = 10_000;
const LOOK_MS = 50;
/** Bytes that arrive as others than they left: the line, as long as it does not happen every time. */
const MOST_DAMAGED = 3;
/** What a person or the centre has to change first. Everything else is tried again. */
const FINAL: readonly string[] = [
  'FORBIDDEN',
  'ATTACHMENT_TYPE',
  'ATTACHMENT_TOO_LARGE',
  'ATTACHMENT_EMPTY',
  'ATTACHMENT_GONE',
];

/** Sends and fetches files, apart from the sync of tickets and never in its way. */
export interface AttachmentSync {
  start(): void;
  /** Something is to be sent, or the server answers again. */
  wake(): void;
  /** Fetches a file. @throws DataError OFFLINE, ATTACHMENT_MISSING, ATTACHMENT_DAMAGED, and the storage's own */
  fetch(sha256: string, name: string): Promise<void>;
  /** Ends what runs and waits for it. */
  stop(): Promise<void>;
}

export interface AttachmentSyncParts {
  readonly db: WritableDb;
  readonly files: AttachmentFiles;
  readonly client: ServerClient;
  readonly clock: Clock;
  /** A number in [0, 1) for jitter. */
  readonly random: () => number;
  write<T>(work: () => T): T;
  announce(topics: readonly Topic[]): void;
  /** True while tickets are sent or received. */
  readonly isBusy: () => boolean;
  readonly onError: (error: unknown) => void;
}

export function createAttachmentSync(parts: AttachmentSyncParts): AttachmentSync {
  const { db, files, client, clock, write, announce } = parts;
  const stopper = new AbortController();
  const { signal } = stopper;
  const fetching = new Map<string, Promise<void>>();
  let running: Promise<void> | null = null;
  let wakeUp: (() => void) | null = null;
  let wanted = false;
  let failures = 0;

  const sleep = (ms: number | null): Promise<void> =>
    new Promise((resolve) => {
      if (wanted || signal.aborted) return resolve();
      const timer = ms === null ? null : setTimeout(() => wakeUp?.(), ms);
      wakeUp = () => {
        if (timer) clearTimeout(timer);
        wakeUp = null;
        resolve();
      };
    });

  const giveWay = async () => {
    for (let waited = 0; parts.isBusy() && waited < LONGEST_WAIT_MS && !signal.aborted; waited += LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };

  const send = async (file: StoredAttachment): Promise<UploadOutcome> => {
    if (files.placeOf(file.sha256) === null) return { kind: 'refused', code: 'ATTACHMENT_GONE', detail: '' };
    const path = `/attachments/${file.sha256}/state`;
    const reply = await client.get(path, attachmentHeldSchema, STATE_TIMEOUT_MS, signal);
    if (reply.kind === 'unreachable') return { kind: 'no-answer', detail: reply.detail };
    if (reply.kind === 'refused') return { kind: 'refused', code: reply.code, detail: reply.detail };
    if (reply.value.isStored) return { kind: 'sent' };
    const keepPlace = (id: string, sentBytes: number) => {
      write(() => keepUploadPlace(db, file.sha256, id, sentBytes));
      announce(['attachments']);
    };
    return uploadAttachment(file, { files, client, signal, giveWay, keepPlace });
  };

  /** @returns true when the next file may follow at once */
  const settle = (file: StoredAttachment, outcome: UploadOutcome): boolean => {
    const { sha256 } = file;
    if (outcome.kind === 'sent') {
      // Row first: what is called sent and still lies with the unsent is moved later, never the other way round.
      write(() => setAttachmentSent(db, sha256, clock.now()));
      files.settle(sha256);
    } else {
      // An upload that is no longer there, or a server that is older than this console and will be brought up to date.
      const isUnknown = outcome.kind === 'refused' && outcome.code === 'NOT_FOUND';
      const code = outcome.kind === 'no-answer' ? 'OFFLINE' : isUnknown ? 'NOT_READY' : outcome.code;
      const stumble = { code, detail: isUnknown ? '' : outcome.detail };
      const isDamaged = code === 'ATTACHMENT_DAMAGED';
      const isFinal = FINAL.includes(code) || (isDamaged && file.attempts + 1 >= MOST_DAMAGED);
      write(() => {
        if (isFinal) setAttachmentRefused(db, sha256, stumble, clock.now());
        else noteAttachmentTry(db, sha256, stumble, clock.now(), isDamaged || isUnknown);
      });
      announce(['attachments']);
      return isFinal;
    }
    announce(['attachments']);
    return true;
  };

  const loop = async () => {
    while (!signal.aborted) {
      wanted = false;
      let isGood = true;
      const file = nextToSend(db);
      if (file) {
        await giveWay();
        try {
          const outcome = await send(file);
          if (signal.aborted) return;
          isGood = settle(file, outcome);
        } catch (error) {
          parts.onError(error);
          isGood = false;
        }
      }
      failures = isGood ? 0 : failures + 1;
      if (file && isGood) continue;
      const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(10, failures - 1));
      await sleep(file ? Math.round(backoff * (0.5 + parts.random() / 2)) : null);
    }
  };

  const fetchFile = async (sha256: string, name: string) => {
    if (files.placeOf(sha256) !== null) return;
    const file = await downloadAttachment(sha256, name, { files, client, signal, now: () => clock.now(), write });
    if (signal.aborted) throw new DataError('SHUTTING_DOWN');
    write(() => keepFetched(db, file));
    announce(['attachments']);
  };

  return {
    start: () => {
      running ??= loop();
    },
    wake: () => {
      wanted = true;
      wakeUp?.();
    },
    fetch: (sha256, name) => {
      const known = fetching.get(sha256);
      if (known) return known;
      const run = fetchFile(sha256, name).finally(() => fetching.delete(sha256));
      fetching.set(sha256, run);
      return run;
    },
    stop: async () => {
      stopper.abort();
      wakeUp?.();
      await running;
      await Promise.all([...fetching.values()].map((run) => run.catch(ignoreCut)));
    },
  };
}

/** Ended by us: the caller was told. */
function ignoreCut(error: unknown): void {
  if (hasCode(error, 'INTERNAL')) throw error;
}
