import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readSamplingFile } from '../src/shared/domain/quality/sampling.ts';
import { readSheetFile } from '../src/shared/domain/quality/score-sheet.ts';

/**
 * Checks every file of resources/quality, so that no build has a score sheet or a sampling rule that is not a good one.
 * @throws Error with a line per fault: file, place and reason
 */
export function checkQualityFiles(folder: string): void {
  const faults = readdirSync(folder).flatMap((name) => {
    try {
      const json: unknown = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
      if (name === 'sampling.json') readSamplingFile(json);
      else readSheetFile(name.replace(/\.json$/, ''), json);
      return [];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [reason.includes(name) ? reason : `${name}: ${reason}`];
    }
  });
  if (faults.length > 0) throw new Error(`Files that cannot be used in ${folder}:\n${faults.join('\n')}`);
}
