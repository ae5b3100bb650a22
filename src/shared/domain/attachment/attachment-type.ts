import { headOf } from '../../kernel/text.ts';

/**
 * Files that may belong to a ticket, by what is in them: neither the ending of a name nor what a sender says counts. Nothing in the
 * list is run by opening it; office files with macros are none of them.
 */
export const ATTACHMENT_TYPES = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/heic',
  'audio/wav',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/amr',
  'video/mp4',
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'text/plain',
] as const;
export type AttachmentType = (typeof ATTACHMENT_TYPES)[number];

/** Largest file, bytes: a photo, some minutes of a recording, a scanned document. */
export const MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024;

/** What {@link detectAttachmentType} wants to see of a file: its first bytes and, for office files, its last ones. */
export const HEAD_BYTES = 4 * 1024;
export const TAIL_BYTES = 64 * 1024;

const ENDINGS: Readonly<Record<AttachmentType, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/heic': ['heic', 'heif'],
  'audio/wav': ['wav'],
  'audio/mpeg': ['mp3'],
  'audio/mp4': ['m4a'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/amr': ['amr'],
  'video/mp4': ['mp4', 'm4a', 'mov', '3gp'],
  'application/pdf': ['pdf'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'text/plain': ['txt', 'csv', 'log', 'md'],
};

/** Pictures a window draws. */
const DRAWABLE: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** True for a picture that can be shown on the screen; 苹果 HEIC cannot. */
export function isDrawable(type: string): boolean {
  return DRAWABLE.includes(type);
}

const latin = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
const startsWith = (bytes: Uint8Array, ...start: readonly number[]) =>
  bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);

/**
 * What a file is, by its content; null when it is none of {@link ATTACHMENT_TYPES}.
 * @param head its first {@link HEAD_BYTES} (all of a shorter file)
 * @param tail its last {@link TAIL_BYTES} (all of a shorter file)
 */
export function detectAttachmentType(head: Uint8Array, tail: Uint8Array): AttachmentType | null {
  if (startsWith(head, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (startsWith(head, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  const start = latin(head, 0, 6);
  if (start === 'GIF87a' || start === 'GIF89a') return 'image/gif';
  if (start.startsWith('RIFF')) return detectRiff(latin(head, 8, 12));
  if (start.startsWith('OggS')) return 'audio/ogg';
  if (start.startsWith('#!AMR')) return 'audio/amr';
  if (start.startsWith('%PDF-')) return 'application/pdf';
  if (latin(head, 4, 8) === 'ftyp') return detectContainer(latin(head, 8, 12));
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04)) return detectOffice(characters(tail));
  if (start.startsWith('ID3') || isMp3Frame(head)) return 'audio/mpeg';
  return isText(head) && isText(tail) ? 'text/plain' : null;
}

function detectRiff(form: string): AttachmentType | null {
  if (form === 'WEBP') return 'image/webp';
  return form === 'WAVE' ? 'audio/wav' : null;
}

function detectContainer(brand: string): AttachmentType | null {
  if (/^(hei[cxms]|hev[cx]|mif1|msf1)$/.test(brand)) return 'image/heic';
  if (/^M4[AB] $/.test(brand)) return 'audio/mp4';
  return /^(mp4[12]|isom|iso[2-9]|avc1|3gp.|qt {2}|M4V )$/.test(brand) ? 'video/mp4' : null;
}

/** The end of a zip file names everything in it. */
function detectOffice(directory: string): AttachmentType | null {
  if (/vbaProject\.bin|\.bin\.rels|activeX\//i.test(directory)) return null;
  if (directory.includes('word/document.xml')) {
    return 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  }
  return directory.includes('xl/workbook.xml')
    ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    : null;
}

/** Bytes as characters, however many. */
function characters(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8_192) text += latin(bytes, from, from + 8_192);
  return text;
}

/** A frame of MPEG 1 or 2, layer III, with a bit rate and a sampling rate that exist. */
function isMp3Frame(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head;
  if (first !== 0xff || (second & 0xe6) !== 0xe2 || (second & 0x18) === 0x08) return false;
  return third >> 4 !== 0x0f && third >> 4 !== 0 && (third & 0x0c) !== 0x0c;
}

/** Text of any encoding that has no control characters in it but those of lines and tabs: UTF-8 and GB 18030 alike. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) =>
    byte >= 0x20 ? byte !== 0x7f : byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d,
  );
}

const MOST_NAME = 120;

/** Control characters, and those that turn the direction of what follows. */
const UNWANTED = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A file name as it is kept and proposed when saving: without folders, control and direction characters, with the ending of what the
 * file is. `照片.exe` that is a picture becomes `照片.exe.jpg`.
 */
export function toAttachmentName(given: string, type: AttachmentType): string {
  return toNameWith(given, ENDINGS[type]);
}

/**
 * The name under which a file is proposed for saving, by what is in it: names in tickets may have been written by anybody.
 * One that is none of {@link ATTACHMENT_TYPES} gets an ending that no system opens.
 */
export function toSavedName(given: string, bytes: Uint8Array): string {
  const type = detectAttachmentType(bytes.subarray(0, HEAD_BYTES), bytes.subarray(-TAIL_BYTES));
  return toNameWith(given, type ? ENDINGS[type] : ['bin']);
}

function toNameWith(given: string, endings: readonly string[]): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replace(UNWANTED, '').toWellFormed().trim();
  const [ending = ''] = endings;
  const own = /\.([a-z0-9]{1,5})$/i.exec(plain)?.[1]?.toLowerCase() ?? '';
  const isFitting = endings.includes(own);
  const stem = isFitting ? plain.slice(0, -own.length - 1) : plain;
  return `${headOf(stem, MOST_NAME - 6).replace(/^\.+|[.\s]+$/g, '') || 'file'}.${isFitting ? own : ending}`;
}
