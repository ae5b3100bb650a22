import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Real messages of citizens that lie beside the project; they are no part of it. */
export const DATA_DIR = path.resolve(import.meta.dirname, '../../../shared/data');

/** A message of the board. */
export interface RealMessage {
  readonly id: string;
  readonly title: string;
  /** As the board wrote it: 2019/2/28 11:25:05, or a JavaScript date. */
  readonly time: string;
  readonly body: string;
}

/** True when the file is on this machine; says so on standard error when it is not. */
export function hasRealMessages(name: string): boolean {
  const isHere = existsSync(path.join(DATA_DIR, name));
  if (!isHere) console.error(`Skipped: the real messages are not at ${DATA_DIR}.`);
  return isHere;
}

/** All records of a file. */
export function readRealMessages<T = RealMessage>(name: string): readonly T[] {
  return readFileSync(path.join(DATA_DIR, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
