import path from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { PrintRequest } from '#shared/contract/shell.contract.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { ShellError } from './ipc-registry.ts';
import { toSafeFileName } from './save-file.ts';

/** Why a job ends without paper because the person said so. */
const CANCELLED = /cancel/i;

/**
 * Prints what the page shows for paper (its print styles leave nothing else), through the system's dialog or into a PDF file of A4 pages. Works
 * without a network; nothing is kept beside what the person chooses.
 * @throws ShellError DISK_FULL, READ_ONLY, NO_PRINTER
 */
export async function printPage(window: BrowserWindow, request: PrintRequest): Promise<{ done: boolean }> {
  return request.to === 'printer' ? printOnPaper(window) : savePdf(window, request.fileName);
}

function printOnPaper({ webContents }: BrowserWindow): Promise<{ done: boolean }> {
  return new Promise((resolve, reject) => {
    webContents.print({ silent: false, printBackground: true, pageSize: 'A4' }, (isPrinted, reason) => {
      if (isPrinted || CANCELLED.test(reason)) resolve({ done: isPrinted });
      else reject(new ShellError('NO_PRINTER'));
    });
  });
}

async function savePdf(window: BrowserWindow, fileName: string): Promise<{ done: boolean }> {
  // What is on paper is fixed before the dialog opens: the page may show something else afterwards.
  const bytes = await window.webContents.printToPDF({ printBackground: true, pageSize: 'A4', preferCSSPageSize: true });
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), toSafeFileName(fileName)),
  });
  if (canceled || !filePath) return { done: false };
  try {
    writeFileAtomic(filePath, bytes);
  } catch (error) {
    throw new ShellError((error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'DISK_FULL' : 'READ_ONLY');
  }
  return { done: true };
}
