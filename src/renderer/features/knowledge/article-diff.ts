import { type ArticleContent, SECTION_KINDS, type SectionKind } from '#shared/domain/knowledge.ts';

/** A line that went or came; `from` and `to` bound what differs from the line it replaces or is replaced by. */
export interface ChangedLine {
  readonly kind: 'removed' | 'added';
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export type ArticlePart =
  | 'title'
  | 'answer'
  | SectionKind
  | 'questions'
  | 'sources'
  | 'validity'
  | 'categories'
  | 'keywords';

export interface PartDiff {
  readonly part: ArticlePart;
  readonly lines: readonly ChangedLine[];
}

/** What would change in an article, part by part; parts that stay as they are are left out. `before` null: everything is new. */
export function diffArticles(before: ArticleContent | null, after: ArticleContent): readonly PartDiff[] {
  const old = before ? partsOf(before) : null;
  return [...partsOf(after)].flatMap(([part, lines]) => {
    const changed = diffLines(old?.get(part) ?? [], lines);
    return changed.length > 0 ? [{ part, lines: changed }] : [];
  });
}

function partsOf(content: ArticleContent): ReadonlyMap<ArticlePart, readonly string[]> {
  const filled = (lines: readonly string[]) => lines.filter((line) => line !== '');
  const sections = new Map(content.sections.map(({ kind, lines }) => [kind, lines]));
  return new Map<ArticlePart, readonly string[]>([
    ['title', [content.title]],
    ['answer', content.answer.split('\n')],
    ...SECTION_KINDS.map((kind) => [kind, sections.get(kind) ?? []] as const),
    ['questions', content.questions],
    [
      'sources',
      content.sources.map((source) =>
        filled([`《${source.title}》`, source.number, source.issuer, source.date ?? '']).join(' '),
      ),
    ],
    ['validity', filled([`${content.validFrom ?? ''} – ${content.validTo ?? ''}`.trim()])],
    ['categories', [...content.categoryCodes].sort()],
    ['keywords', [...content.keywords].sort()],
  ]);
}

/** Lines that went and came, in reading order; a line next to the one it replaces is marked where they differ. */
function diffLines(before: readonly string[], after: readonly string[]): readonly ChangedLine[] {
  const kept = longestCommon(before, after);
  const lines: ChangedLine[] = [];
  let [b, a] = [0, 0];
  for (const common of [...kept, null]) {
    const removed: string[] = [];
    const added: string[] = [];
    while (b < before.length && (common === null || b < common.before)) removed.push(before[b++] ?? '');
    while (a < after.length && (common === null || a < common.after)) added.push(after[a++] ?? '');
    lines.push(...pairUp(removed, added));
    b++;
    a++;
  }
  return lines;
}

function pairUp(removed: readonly string[], added: readonly string[]): readonly ChangedLine[] {
  const whole = (kind: ChangedLine['kind'], text: string): ChangedLine => ({ kind, text, from: 0, to: text.length });
  const pairs = Math.min(removed.length, added.length);
  const lines: ChangedLine[] = [];
  for (let i = 0; i < pairs; i++) {
    const [old = '', next = ''] = [removed[i], added[i]];
    let start = 0;
    while (start < Math.min(old.length, next.length) && old[start] === next[start]) start++;
    let end = 0;
    while (
      end < Math.min(old.length, next.length) - start &&
      old[old.length - 1 - end] === next[next.length - 1 - end]
    ) {
      end++;
    }
    lines.push({ kind: 'removed', text: old, from: start, to: old.length - end });
    lines.push({ kind: 'added', text: next, from: start, to: next.length - end });
  }
  lines.push(...removed.slice(pairs).map((text) => whole('removed', text)));
  lines.push(...added.slice(pairs).map((text) => whole('added', text)));
  return lines;
}

/** Places of the longest common subsequence; articles have some fifty lines a part at most. */
function longestCommon(
  before: readonly string[],
  after: readonly string[],
): readonly { readonly before: number; readonly after: number }[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  const at = (b: number, a: number) => lengths[b]?.[a] ?? 0;
  for (let b = before.length - 1; b >= 0; b--) {
    const row = lengths[b];
    for (let a = after.length - 1; row && a >= 0; a--) {
      row[a] = before[b] === after[a] ? at(b + 1, a + 1) + 1 : Math.max(at(b + 1, a), at(b, a + 1));
    }
  }
  const places: { before: number; after: number }[] = [];
  for (let b = 0, a = 0; b < before.length && a < after.length; ) {
    if (before[b] === after[a]) places.push({ before: b++, after: a++ });
    else if (at(b + 1, a) >= at(b, a + 1)) b++;
    else a++;
  }
  return places;
}
