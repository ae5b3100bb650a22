import { readFileSync } from 'node:fs';
import { type Preferences, preferencesSchema } from '#shared/contract/shell.contract.ts';
import { writeFileAtomic } from './atomic-file.ts';
import type { Log } from './log.ts';

const DEFAULTS: Preferences = { language: 'zh-CN', theme: 'system' };

export interface PreferencesStore {
  get(): Preferences;
  /** @throws the file system's error; memory and file then keep the old preferences */
  set(preferences: Preferences): Preferences;
}

/** Preferences of the workstation in one small file. A missing or damaged file means the defaults. */
export function openPreferences(file: string, log: Log): PreferencesStore {
  let current = read(file, log);
  return {
    get: () => current,
    set(preferences) {
      writeFileAtomic(file, `${JSON.stringify(preferences, null, 2)}\n`);
      current = preferences;
      return current;
    },
  };
}

function read(file: string, log: Log): Preferences {
  try {
    return preferencesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log({ event: 'preferences-unreadable' });
    return DEFAULTS;
  }
}
