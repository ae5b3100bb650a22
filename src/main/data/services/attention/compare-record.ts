import type { ComparedField, ComparedValue } from '#shared/contract/attention.contract.ts';
import type { ArticleContent } from '#shared/domain/knowledge.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { sameValue } from '#shared/kernel/same-value.ts';
import type { RecordOp } from '#shared/sync/record-ops.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { compareCheckOp } from './compare-check.ts';

/** A refused operation on an article or a passed-on form, field by field. */
export function compareRecordOp(op: RecordOp, server: SyncedRecord | null): readonly ComparedField[] {
  switch (op.kind) {
    case 'article.propose':
      return compareProposal(op, server);
    case 'article.review': {
      const proposal = server?.kind === 'article' ? server.doc.proposal : null;
      return [
        {
          field: 'decision',
          mine: op.args.decision,
          ...(proposal ? { theirs: proposal.content.title } : {}),
          isClash: proposal === null || proposal.id !== op.args.proposalId,
          by: proposal && { name: proposal.byName, at: proposal.at },
          isText: false,
        },
        ...plain('reviewReason', op.args.reason),
      ];
    }
    case 'article.feedback':
      return [...plain('feedbackKind', op.args.kind), ...plain('feedbackText', op.args.text)];
    case 'draft.hand_over':
      return [
        ...plain('toSeat', op.args.toSeat),
        ...plain('title', op.args.content.title),
        ...plain('content', op.args.content.content),
      ];
    case 'check.score':
    case 'check.appeal':
    case 'check.settle':
    case 'calibration.start':
    case 'calibration.score':
      return compareCheckOp(op, server);
    default:
      return assertNever(op, 'record operation');
  }
}

function plain(field: string, mine: string): readonly ComparedField[] {
  return mine === '' ? [] : [{ field, mine, isClash: false, by: null, isText: false }];
}

const ARTICLE_FIELDS: readonly (readonly [string, (content: ArticleContent) => ComparedValue])[] = [
  ['title', ({ title }) => title],
  ['categoryCodes', ({ categoryCodes }) => categoryCodes],
  ['questions', ({ questions }) => questions],
  ['articleAnswer', ({ answer }) => answer],
  ['sections', ({ sections }) => sections.flatMap(({ lines }) => lines)],
  ['sources', ({ sources }) => sources.map(({ title, number }) => `${title} ${number}`.trim())],
  ['validFrom', ({ validFrom }) => validFrom],
  ['validTo', ({ validTo }) => validTo],
  ['keywords', ({ keywords }) => keywords],
];

/** Only what differs from what is published now: an article is long. */
function compareProposal({ args }: OpOf<'article.propose'>, server: SyncedRecord | null): readonly ComparedField[] {
  const doc = server?.kind === 'article' ? server.doc : null;
  const published = doc?.published ?? null;
  const by = doc?.publishedAt == null ? null : { name: doc.authorName, at: doc.publishedAt };
  const basis = doc?.history.find(({ kind, version }) => kind === 'published' && version === args.basedOn)?.content;
  return ARTICLE_FIELDS.flatMap(([field, read]) => {
    const mine = read(args.content);
    const theirs = published ? read(published) : undefined;
    if (sameValue(mine, theirs)) return [];
    const before = basis ? read(basis) : undefined;
    return [
      {
        field,
        ...(before === undefined ? {} : { before }),
        mine,
        ...(theirs === undefined ? {} : { theirs }),
        isClash: before !== undefined && !sameValue(before, theirs) && !sameValue(before, mine),
        by,
        isText: false,
      },
    ];
  });
}
