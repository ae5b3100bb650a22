import path from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { z } from 'zod';
import type { saveFileSchema } from '#shared/contract/shell.contract.ts';
import { writeFileAtomic } from './atomic-file.ts';
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
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), toSafeFileName(file.fileName)),
  });
  if (canceled || !filePath) return { saved: false };
  try {
    writeFileAtomic(filePath, 'text' in file ? file.text : Buffer.from(file.base64, 'base64'));
  } catch (error) {
    throw new ShellError((error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'DISK_FULL' : 'READ_ONLY');
  }
  return { saved: true };
}
