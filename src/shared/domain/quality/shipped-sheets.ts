import ordinary1 from '#resources/quality/ordinary.v1.json' with { type: 'json' };
import samplingFile from '#resources/quality/sampling.json' with { type: 'json' };
import special1 from '#resources/quality/special-12350.v1.json' with { type: 'json' };
import type { Line } from '../roles.ts';
import { readSamplingFile, type SamplingRule } from './sampling.ts';
import { readSheetFile, type ScoreSheet } from './score-sheet.ts';

/** A version of a sheet enters here. */
const FILES: Readonly<Record<string, unknown>> = { 'ordinary.v1': ordinary1, 'special-12350.v1': special1 };

let sheets: readonly ScoreSheet[] | null = null;
let rule: SamplingRule | null = null;

/** Every version of every sheet of this build, read when they are first asked for. */
export function shippedSheets(): readonly ScoreSheet[] {
  sheets ??= Object.entries(FILES).map(([name, json]) => readSheetFile(name, json));
  return sheets;
}

/** The rule by which this build chooses tickets to check. */
export function shippedSampling(): SamplingRule {
  rule ??= readSamplingFile(samplingFile);
  return rule;
}

/** One version of a sheet, or null when this build does not have it. */
export function findSheet({ id, version }: { readonly id: string; readonly version: number }): ScoreSheet | null {
  return shippedSheets().find((sheet) => sheet.id === id && sheet.version === version) ?? null;
}

/** The newest sheet for the tickets of a line. @throws Error when there is none: every line has one */
export function sheetOfLine(line: Line): ScoreSheet {
  const [newest] = shippedSheets()
    .filter(({ lines }) => lines.includes(line))
    .toSorted((a, b) => b.version - a.version);
  if (!newest) throw new Error(`resources/quality: no score sheet for the line ${line}`);
  return newest;
}
