import { join } from 'node:path';
import { DataError, errnoOf, toDataError } from '../errors.ts';
import { connect, type OpenDb } from './sqlite.ts';

/** Held as long as this process owns the folder. */
export interface InstanceLock {
  release(): void;
}

/**
 * Makes this process the only writer of a folder. The lock is one of the operating system (through an empty SQLite file),
 * so a killed process leaves none behind and a slow one cannot be robbed.
 * @throws DataError DATABASE_BUSY when another process holds it, READ_ONLY when the folder cannot be written
 */
export function lockFolder(folder: string, nativeBinding: string | null): InstanceLock {
  let db: OpenDb | null = null;
  try {
    db = connect(join(folder, 'console.lock'), { nativeBinding, timeoutMs: 1_500 });
    db.exec('BEGIN EXCLUSIVE');
    const held = db;
    return {
      release: () => {
        held.close();
      },
    };
  } catch (error) {
    db?.close();
    if (errnoOf(error) === 'SQLITE_CANTOPEN')
      throw new DataError('READ_ONLY', 'folder cannot be written', undefined, error);
    throw toDataError(error);
  }
}
