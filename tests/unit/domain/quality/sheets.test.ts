import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawnBelow, readSamplingFile, reasonsToCheck } from '#shared/domain/quality/sampling.ts';
import { fullMarks, readSheetFile } from '#shared/domain/quality/score-sheet.ts';
import { sheetOfLine, shippedSampling, shippedSheets } from '#shared/domain/quality/shipped-sheets.ts';
import { LINES } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { NO_HANDLING } from '#shared/domain/ticket-handling.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { sampleTicket } from '#tests/support/data/samples.ts';
import { checkQualityFiles } from '../../../../scripts/quality-files.ts';

const FOLDER = new URL('../../../../resources/quality/', import.meta.url).pathname;
const ordinary = () => JSON.parse(readFileSync(join(FOLDER, 'ordinary.v1.json'), 'utf8'));

describe('score sheets', () => {
  test('are all of resources/quality, and every line has one of a hundred points', () => {
    const names = readdirSync(FOLDER).filter((name) => name !== 'sampling.json');
    expect(
      shippedSheets()
        .map(({ id, version }) => `${id}.v${version}.json`)
        .toSorted(),
    ).toEqual(names.toSorted());
    for (const line of LINES) expect(fullMarks(sheetOfLine(line))).toBe(100);
  });

  test.each([
    [
      'an item without points',
      (sheet: Sheet) => delete sheet.sections[0].items[0].points,
      /sections\[0\]\.items\[0\]\.points/,
    ],
    ['a title without English', (sheet: Sheet) => delete sheet.title.en, /title\.en/],
    ['an item named twice', (sheet: Sheet) => (sheet.sections[1].items[0].id = 'greeting'), /greeting is named twice/],
    ['a pass mark nobody reaches', (sheet: Sheet) => (sheet.passMark = 101), /passMark/],
    ['another version than its name', (sheet: Sheet) => (sheet.version = 2), /holds ordinary version 2/],
  ])('%s is refused with file, place and reason', (_, spoil, reason) => {
    const sheet = ordinary();
    spoil(sheet);
    expect(() => readSheetFile('ordinary.v1', sheet)).toThrow(reason);
    expect(() => readSheetFile('ordinary.v1', sheet)).toThrow('resources/quality/ordinary.v1.json');
  });

  test('no build is made with a file that is not good', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hotline-quality-'));
    writeFileSync(join(folder, 'ordinary.v1.json'), JSON.stringify({ ...ordinary(), lines: [] }));
    writeFileSync(join(folder, 'sampling.json'), '{');
    expect(() => checkQualityFiles(folder)).toThrow(/ordinary\.v1\.json[\s\S]*lines[\s\S]*sampling\.json/);
    expect(() => checkQualityFiles(FOLDER)).not.toThrow();
  });
});
// biome-ignore lint/suspicious/noExplicitAny: files are spoilt at any place
type Sheet = any;

describe('sampling', () => {
  const rule = shippedSampling();
  const ended = (over: Partial<Ticket> = {}): Ticket => ({
    ...sampleTicket(12, { version: 3 }),
    uid: '019a0000-0000-7000-8000-0000000000ff' as TicketId,
    status: 'closed',
    closedAt: 1_000,
    ...over,
  });
  const callback = { reached: true, solved: true, satisfied: true, cause: null, at: 1, byName: '田甜' };

  test('draws by the end of the uid: about as many as the rule says, the same everywhere', () => {
    const drawn = Array.from({ length: 256 }, (_, n) =>
      reasonsToCheck(
        ended({ uid: `019a0000-0000-7000-8000-0000000000${n.toString(16).padStart(2, '0')}` as TicketId }),
        rule,
      ),
    );
    expect(drawn.filter((why) => why.includes('drawn'))).toHaveLength(rule.shareOf256['12345']);
    expect([drawnBelow(0), drawnBelow(5), drawnBelow(26), drawnBelow(256)]).toEqual(['00', '05', '1a', 'g']);
  });

  test.each([
    ['重办', { handling: { ...NO_HANDLING, round: 2 } }, ['redo']],
    [
      'a round that came of an approved return',
      { handling: { ...NO_HANDLING, round: 2, returnedBy: ['鼓楼区城管局'] } },
      [],
    ],
    [
      '不满意',
      { handling: { ...NO_HANDLING, callback: { ...callback, satisfied: false, cause: 'slow' as const } } },
      ['unsatisfied'],
    ],
    [
      '未解决',
      { handling: { ...NO_HANDLING, callback: { ...callback, solved: false, cause: 'unsolved' as const } } },
      ['unsolved'],
    ],
    ['a content citizen', { handling: { ...NO_HANDLING, callback } }, []],
    ['one that nobody of the centre made', { handling: { ...NO_HANDLING, round: 2 }, createdById: null }, []],
    ['one that goes on', { handling: { ...NO_HANDLING, round: 2 }, status: 'handling' as const }, []],
    ['one that was merged', { handling: { ...NO_HANDLING, round: 2 }, status: 'merged' as const }, []],
  ])('%s', (_, over, why) => {
    expect(reasonsToCheck(ended(over), rule)).toEqual(why);
  });

  test('a rule that makes no sense is refused with its place', () => {
    expect(() => readSamplingFile({ ...rule, shareOf256: { '12345': 300, '12350': 0 } })).toThrow(
      /resources\/quality\/sampling\.json[\s\S]*shareOf256/,
    );
  });
});
