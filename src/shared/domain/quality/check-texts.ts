import type { CalibrationDoc, CheckDoc, Marks, Score } from './check.ts';

type Rewrite = (written: string) => string;

function mapMarks({ deductions, vetoes, remark }: Marks, text: Rewrite): Marks {
  return {
    deductions: deductions.map((one) => ({ ...one, reason: text(one.reason) })),
    vetoes: vetoes.map((one) => ({ ...one, reason: text(one.reason) })),
    remark: text(remark),
  };
}

/** A score with everything its checker wrote put through a function. */
export function mapScoreTexts(score: Score, text: Rewrite): Score {
  return { ...score, marks: mapMarks(score.marks, text) };
}

/** A check with everything that was written put through a function. */
export function mapCheckTexts(doc: CheckDoc, text: Rewrite): CheckDoc {
  const { first, appeal, settled } = doc;
  return {
    ...doc,
    first: mapScoreTexts(first, text),
    appeal: appeal && { ...appeal, words: text(appeal.words) },
    settled: settled && {
      ...settled,
      words: text(settled.words),
      score: settled.score && mapScoreTexts(settled.score, text),
    },
  };
}

/** A calibration with everything that was written put through a function. */
export function mapCalibrationTexts(doc: CalibrationDoc, text: Rewrite): CalibrationDoc {
  return { ...doc, scores: doc.scores.map((score) => mapScoreTexts(score, text)) };
}
