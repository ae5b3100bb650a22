import { CHECK_TEXT, type Marks, NO_MARKS } from '#shared/domain/quality/check.ts';
import { itemsOf, type ScoreSheet } from '#shared/domain/quality/score-sheet.ts';
import { isStorableText } from '#shared/kernel/text.ts';

/** Marks while they are written: what stands in the fields, whether it makes sense or not. */
export interface MarksForm {
  /** Points taken off and the reason, by item. */
  readonly items: Readonly<Record<string, { readonly points: string; readonly reason: string }>>;
  /** The reason of each veto that is ticked. */
  readonly vetoes: Readonly<Record<string, string>>;
  readonly remark: string;
}

const EMPTY_ITEM = { points: '', reason: '' };

/** What stands in the fields of an item. */
export function itemOf({ items }: MarksForm, id: string) {
  return items[id] ?? EMPTY_ITEM;
}

/** Marks as fields. */
export function toForm({ deductions, vetoes, remark }: Marks = NO_MARKS): MarksForm {
  return {
    items: Object.fromEntries(
      deductions.map(({ item, points, reason }) => [item, { points: String(points), reason }] as const),
    ),
    vetoes: Object.fromEntries(vetoes.map(({ veto, reason }) => [veto, reason] as const)),
    remark,
  };
}

/** Points somebody wrote; NaN for what is no number of points. */
function read(points: string): number {
  const text = points.trim();
  if (text === '') return 0;
  return /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
}

/** What the fields say, as far as it makes sense. */
export function toMarks(sheet: ScoreSheet, form: MarksForm): Marks {
  const deductions = itemsOf(sheet).flatMap(({ id, points: most }) => {
    const { points: written, reason } = itemOf(form, id);
    const points = read(written);
    return points > 0 && points <= most ? [{ item: id, points, reason }] : [];
  });
  const vetoes = sheet.vetoes.flatMap(({ id: veto }) => {
    const reason = form.vetoes[veto];
    return reason === undefined ? [] : [{ veto, reason }];
  });
  return { deductions, vetoes, remark: form.remark };
}

/** True for words that no check can hold: too many, or with characters no store keeps. */
export function isBadText(text: string): boolean {
  return text.length > CHECK_TEXT || !isStorableText(text);
}

/** What is kept of a check that is being written. */
export interface CheckDraft {
  readonly marks: Marks;
  readonly words: string;
}

/**
 * Replaces texts that no store keeps exactly (too long, NUL, half of a surrogate pair) by what was stored in their place before, so that
 * one bad field does not keep the rest of the check from being saved.
 */
export function toStorableCheck({ marks, words }: CheckDraft, stored: CheckDraft | null): CheckDraft {
  const before = toForm(stored?.marks);
  const kept = (text: string, last = '') => (isBadText(text) ? last : text);
  return {
    marks: {
      deductions: marks.deductions.map((deduction) => ({
        ...deduction,
        reason: kept(deduction.reason, itemOf(before, deduction.item).reason),
      })),
      vetoes: marks.vetoes.map(({ veto, reason }) => ({ veto, reason: kept(reason, before.vetoes[veto]) })),
      remark: kept(marks.remark, before.remark),
    },
    words: kept(words, stored?.words),
  };
}

/** What is wrong with an item: no such number of points, or a deduction without a reason, or with one that cannot be kept. */
export function faultOf(form: MarksForm, { id, points: most }: { readonly id: string; readonly points: number }) {
  const { points: written, reason } = itemOf(form, id);
  const points = read(written);
  if (!(points >= 0 && points <= most)) return 'points';
  return points > 0 && (reason.trim() === '' || isBadText(reason)) ? 'reason' : null;
}

/** Where something keeps marks from being given; `remark` is of the whole sheet. */
export interface Fault {
  readonly id: string;
  readonly what: 'points' | 'reason' | 'remark';
}

/** The first thing that keeps the marks from being given; null when they can be. */
export function firstFault(sheet: ScoreSheet, form: MarksForm): Fault | null {
  for (const item of itemsOf(sheet)) {
    const what = faultOf(form, item);
    if (what) return { id: item.id, what };
  }
  const veto = sheet.vetoes.find(({ id }) => {
    const reason = form.vetoes[id];
    return reason !== undefined && (reason.trim() === '' || isBadText(reason));
  });
  if (veto) return { id: veto.id, what: 'reason' };
  return isBadText(form.remark) ? { id: '', what: 'remark' } : null;
}
