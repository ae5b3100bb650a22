import type { ComparedField } from '#shared/contract/attention.contract.ts';
import type { Marks, Score, SheetRef } from '#shared/domain/quality/check.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { CheckOp } from '#shared/sync/check-ops.ts';

/** A refused operation on a check or a calibration, item by item beside what counts at the server. */
export function compareCheckOp(op: CheckOp, server: SyncedRecord | null): readonly ComparedField[] {
  const check = server?.kind === 'check' || server?.kind === 'check_copy' ? server.doc : null;
  const calibration = server?.kind === 'calibration' ? server.doc : null;
  switch (op.kind) {
    case 'check.score':
      return compareMarks(op.args.sheet, op.args.marks, check?.first ?? null);
    case 'check.settle':
      return [
        ...words(op.args.words, check?.settled?.words, check?.settled?.byName, check?.settled?.at),
        ...(op.args.marks && check
          ? compareMarks(check.sheet, op.args.marks, check.settled?.score ?? check.first)
          : []),
      ];
    case 'check.appeal':
      return words(op.args.words, check?.appeal?.words);
    case 'calibration.start':
      return words(op.args.ticketNo);
    case 'calibration.score':
      return calibration ? compareMarks(calibration.sheet, op.args.marks, null) : [];
  }
}

function words(mine: string, theirs?: string, name?: string, at?: number): readonly ComparedField[] {
  const by = name === undefined || at === undefined ? null : { name, at };
  const isClash = theirs !== undefined && theirs !== mine;
  return [{ field: 'words', mine, ...(theirs === undefined ? {} : { theirs }), isClash, by, isText: false }];
}

/** Points taken off, of every item one of the two took some off. */
function compareMarks(sheet: SheetRef, mine: Marks, theirs: Score | null): readonly ComparedField[] {
  const by = theirs && { name: theirs.byName, at: theirs.at };
  const lost = ({ deductions, vetoes }: Marks) =>
    new Map<string, string>([
      ...deductions.map(({ item, points, reason }) => [item, `−${points}　${reason}`] as const),
      ...vetoes.map(({ veto, reason }) => [veto, reason] as const),
    ]);
  const [own, other] = [lost(mine), theirs ? lost(theirs.marks) : new Map<string, string>()];
  return [...new Set([...own.keys(), ...other.keys()])].map((id) => {
    const [before, after] = [own.get(id) ?? '', other.get(id) ?? ''];
    return {
      field: `marks.${sheet.id}.${sheet.version}.${id}`,
      mine: before,
      ...(theirs ? { theirs: after } : {}),
      isClash: theirs !== null && before !== after,
      by,
      isText: false,
    };
  });
}
