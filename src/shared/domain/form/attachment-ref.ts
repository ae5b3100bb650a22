import { isStorableText } from '../../kernel/text.ts';

/** A file that belongs to a ticket, told apart from every other by its hash. Its bytes are kept and sent apart (docs/attachments.md). */
export interface AttachmentRef {
  /** SHA-256 of the content, hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** MIME type by what is in the file; empty in tickets of older consoles where the system did not name one. */
  readonly type: string;
  readonly name: string;
}

const WRITTEN = /^([0-9a-f]{64}) (\d{1,15}) ([\w.+-]{1,60}\/[\w.+-]{1,80}|-) ([^/\\]{1,200})$/su;

/** The one-line form a field keeps: hash, size, type and name. */
export function writeAttachment({ sha256, size, type, name }: AttachmentRef): string {
  return `${sha256} ${size} ${type === '' ? '-' : type} ${name}`;
}

/** The inverse of {@link writeAttachment}; null for anything else. */
export function readAttachment(written: string): AttachmentRef | null {
  const match = WRITTEN.exec(written);
  if (!match || !isStorableText(written)) return null;
  const [, sha256 = '', size = '', type = '', name = ''] = match;
  return { sha256, size: Number(size), type: type === '-' ? '' : type, name };
}
