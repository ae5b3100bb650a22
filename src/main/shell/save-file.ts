import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { z } from 'zod';
import type { saveFileSchema } from '#shared/contract/shell.contract.ts';
import { type AtomicFile, openAtomicFile, writeFileAtomic } from './atomic-file.ts';
import { ShellError } from './ipc-registry.ts';

/** A proposed file name without anything that could lead out of the chosen folder or clash with a system's rules. */
export function toSafeFileName(proposed: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const plain = proposed.replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]/g, '_');
  return plain.replace(/^[.\s]+|[.\s]+$/g, '') || 'export.txt';
}

/**
 * Lets the person choose where a text or an attachment goes and writes it there, as a file that nothing may run.
 * @throws ShellError DISK_FULL or READ_ONLY
 */
export async function saveFile(
  window: BrowserWindow,
  file: z.infer<typeof saveFileSchema>,
): Promise<{ saved: boolean }> {
  const filePath = await askWhere(window, file.fileName);
  if (filePath === null) return { saved: false };
  onDisk(() => writeFileAtomic(filePath, 'text' in file ? file.text : Buffer.from(file.base64, 'base64')));
  return { saved: true };
}

async function askWhere(window: BrowserWindow, fileName: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), toSafeFileName(fileName)),
  });
  return canceled || !filePath ? null : filePath;
}

function onDisk<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ShellError((error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'DISK_FULL' : 'READ_ONLY');
  }
}

/** Saves a file that comes in pieces; one at a time. All throw ShellError DISK_FULL, READ_ONLY, and NOT_FOUND for a file that is not under way. */
export interface PieceSaver {
  /** @returns null when the person cancelled */
  begin(window: BrowserWindow, fileName: string): Promise<string | null>;
  append(id: string, base64: string): void;
  end(id: string, keep: boolean): void;
}

export function createPieceSaver(): PieceSaver {
  let current: { readonly id: string; readonly file: AtomicFile } | null = null;
  const need = (id: string): AtomicFile => {
    if (current?.id !== id) throw new ShellError('NOT_FOUND');
    return current.file;
  };
  const drop = () => {
    current?.file.abandon();
    current = null;
  };
  return {
    begin: async (window, fileName) => {
      const place = await askWhere(window, fileName);
      drop();
      if (place === null) return null;
      current = { id: randomUUID(), file: onDisk(() => openAtomicFile(place)) };
      return current.id;
    },
    append: (id, base64) => {
      const file = need(id);
      onDisk(() => file.write(Buffer.from(base64, 'base64')));
    },
    end: (id, keep) => {
      const file = need(id);
      if (!keep) return drop();
      onDisk(() => file.commit());
      current = null;
    },
  };
}
