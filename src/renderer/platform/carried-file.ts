import { CARRIED_FILE_MAX, CARRIED_PIECE, type CarriedItem } from '#shared/contract/carried.contract.ts';
import { SAVE_PIECE } from '#shared/contract/shell.contract.ts';
import { toBase64 } from './base64.ts';
import { invokeShell } from './bridge.ts';
import { dataClient } from './data-client.ts';

const LINE_FEED = 10;

/**
 * Saves what waits here as a file for another seat, where the person says.
 * @returns null when they cancelled
 * @throws what the data process and the shell refuse; nothing of the file is left then
 */
export async function saveCarriedFile(
  passphrase: string,
): Promise<{ readonly operations: number; readonly files: number } | null> {
  const { id, fileName, text, operations, files } = await dataClient.outbox.saveCarried({ passphrase });
  if (files === 0) {
    const { saved } = await invokeShell('shell:save-file', { fileName, text });
    return saved ? { operations, files } : null;
  }
  const { id: place } = await invokeShell('shell:save-begin', { fileName });
  if (place === null) return null;
  let isWhole = false;
  try {
    const line = new TextEncoder().encode(text);
    for (let from = 0; from < line.length; from += SAVE_PIECE) {
      const base64 = toBase64(line.subarray(from, from + SAVE_PIECE));
      await invokeShell('shell:save-append', { id: place, base64 });
    }
    for (;;) {
      const { data } = await dataClient.outbox.carriedBytes({ id });
      if (data === '') break;
      await invokeShell('shell:save-append', { id: place, base64: data });
    }
    isWhole = true;
  } finally {
    await invokeShell('shell:save-end', { id: place, keep: isWhole });
  }
  return { operations, files };
}

/**
 * Takes such a file of another seat in, with its attachments.
 * @returns what was taken; `files.missing` is not 0 when the file ends before its attachments do
 * @throws what the data process refuses
 */
export async function takeCarriedFile(file: File, passphrase: string): Promise<CarriedItem> {
  const { text, end } = await readFirstLine(file);
  const item = await dataClient.outbox.takeCarried({ text, passphrase });
  let left = item.files.missing;
  for (let from = end; left > 0 && from < file.size; from += CARRIED_PIECE) {
    const bytes = new Uint8Array(await file.slice(from, from + CARRIED_PIECE).arrayBuffer());
    ({ left } = await dataClient.outbox.takeCarriedBytes({ id: item.id, data: toBase64(bytes) }));
  }
  return { ...item, files: { ...item.files, missing: left } };
}

/** A file of something else may be of any size: what is too long is read no further. */
async function readFirstLine(file: File): Promise<{ readonly text: string; readonly end: number }> {
  const bytes = new Uint8Array(await file.slice(0, 4 * CARRIED_FILE_MAX).arrayBuffer());
  const found = bytes.indexOf(LINE_FEED);
  const end = found === -1 ? bytes.length : found + 1;
  const text = new TextDecoder().decode(bytes.subarray(0, end));
  return { text: text.toWellFormed().slice(0, CARRIED_FILE_MAX), end };
}
