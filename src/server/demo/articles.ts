import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { DEMO_ACCOUNTS, DEMO_CENTRE, type DemoAccount } from '#shared/domain/demo.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import type { Role } from '#shared/domain/roles.ts';
import { beijingDate } from '#shared/domain/ticket-number.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import type { ArticleFile } from '../knowledge/article-files.ts';
import { articleEventId, publishedArticle } from '../knowledge/imported-article.ts';

/** An article that ends soon, one whose end somebody noticed, and one with a change that waits for approval. */
const EXPIRING = 'graduate-employment';
const NOTICED = 'flood-season-duty';
const WAITING = 'street-light-repair';
const ENDS_IN_DAYS = 20;

/**
 * The articles of the demo centre: written by its editor and approved by its 班长 in the months before.
 * @param now end of the past, epoch ms
 * @param userIds ids of the demo accounts by seat
 */
export function makeDemoArticles(
  files: readonly ArticleFile[],
  now: number,
  userIds: ReadonlyMap<string, UserId>,
): readonly RecordOf<'article'>[] {
  const [editor, reviewer, agent] = [accountOf('editor'), accountOf('lead'), accountOf('agent')];
  const hands = { authorName: editor.name, reviewerName: reviewer.name };
  return files.map((file, index) => {
    const at = now - (20 + ((index * 37) % 300)) * DAY_MS;
    const article = publishedArticle(DEMO_CENTRE, withEnd(file, now), hands, at);
    const { doc } = article;
    const id = articleEventId(DEMO_CENTRE, file.name, 'demo');
    if (file.name === NOTICED) {
      const text = '汛期已过，值守安排还写着今年的日期，来电问到时没法照念。';
      const feedback = [{ id, kind: 'outdated' as const, text, version: 1, at: now - 2 * DAY_MS, byName: agent.name }];
      return { ...article, updatedAt: now - 2 * DAY_MS, doc: { ...doc, feedback } };
    }
    if (file.name === WAITING) {
      const byId = userIds.get(editor.seat) ?? null;
      const note = '补上报修后多久能修好的说法';
      const sections = [
        ...file.content.sections.filter(({ kind }) => kind !== 'time'),
        { kind: 'time' as const, lines: ['一般故障由路灯管理单位安排抢修，修复时间以承办单位答复为准'] },
      ];
      const proposal = {
        id,
        content: { ...file.content, sections },
        note,
        byId,
        byName: editor.name,
        at: now - DAY_MS,
      };
      return { ...article, updatedAt: now - DAY_MS, doc: { ...doc, proposal } };
    }
    return article;
  });
}

function accountOf(role: Role): DemoAccount {
  return forceUnwrap(
    `the demo centre has somebody with the role ${role}`,
    DEMO_ACCOUNTS.find((account) => account.role === role),
  );
}

/** The end of one article's validity lies just ahead whenever the demo is made. */
function withEnd(file: ArticleFile, now: number): ArticleFile {
  if (file.name !== EXPIRING) return file;
  return { ...file, content: { ...file.content, validTo: beijingDate(now + ENDS_IN_DAYS * DAY_MS) } };
}
