import { randomUUID } from 'node:crypto';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment/attachment-type.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DataError } from '../errors.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import type { AttachmentMeta } from './file-cipher.ts';
import type { FileWriter } from './file-writer.ts';

/** Files windows hand over at the same time. */
const MOST_AT_ONCE = 8;
/** A window that went away without a word; its file is given up. */
const SILENT_MS = 10 * 60_000;

interface Incoming {
  readonly writer: FileWriter;
  readonly name: string;
  readonly size: number;
  touchedAt: number;
}

/** Takes files over from windows in pieces: a window has no paths to give, only bytes. */
export interface AttachmentIntake {
  /** @throws DataError ATTACHMENT_TOO_LARGE, ATTACHMENT_EMPTY, RATE_LIMITED when too many are under way */
  begin(name: string, size: number): string;
  /** @returns bytes taken so far; a piece that was taken before changes nothing. @throws DataError NOT_FOUND, BAD_INPUT */
  append(id: string, offset: number, bytes: Uint8Array): number;
  /** On disk when this returns. @throws DataError NOT_FOUND, BAD_INPUT, ATTACHMENT_TYPE */
  finish(id: string): AttachmentMeta;
  abort(id: string): void;
  close(): void;
}

export function createAttachmentIntake(files: AttachmentFiles, clock: Clock): AttachmentIntake {
  const incoming = new Map<string, Incoming>();
  const drop = (id: string) => {
    incoming.get(id)?.writer.abandon();
    incoming.delete(id);
  };
  const need = (id: string): Incoming => {
    const found = incoming.get(id);
    if (!found) throw new DataError('NOT_FOUND', 'no such file under way');
    found.touchedAt = clock.now();
    return found;
  };
  return {
    begin: (name, size) => {
      if (size > MAX_ATTACHMENT_BYTES) throw new DataError('ATTACHMENT_TOO_LARGE');
      if (size === 0) throw new DataError('ATTACHMENT_EMPTY');
      for (const [id, { touchedAt }] of incoming) if (clock.now() - touchedAt > SILENT_MS) drop(id);
      if (incoming.size >= MOST_AT_ONCE) throw new DataError('RATE_LIMITED', 'too many files at once');
      const id = randomUUID();
      incoming.set(id, { writer: files.begin(), name, size, touchedAt: clock.now() });
      return id;
    },
    append: (id, offset, bytes) => {
      const { writer, size } = need(id);
      const end = offset + bytes.length;
      if (end <= writer.received) return writer.received;
      if (offset !== writer.received || end > size) throw new DataError('BAD_INPUT', 'not the next bytes of the file');
      writer.append(bytes);
      return writer.received;
    },
    finish: (id) => {
      const { writer, name, size } = need(id);
      if (writer.received !== size) throw new DataError('BAD_INPUT', 'file is not complete');
      try {
        return files.finish(writer, { name, addedAt: clock.now(), place: 'unsent' });
      } finally {
        drop(id);
      }
    },
    abort: drop,
    close: () => {
      for (const id of [...incoming.keys()]) drop(id);
    },
  };
}
