import { parseArgs } from 'node:util';
import { z } from 'zod';
import { centreSchema } from '#shared/domain/roles.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { textSchema } from '#shared/kernel/text.ts';
import { inLoadTransaction, loadRecords } from '../bulk/bulk-load.ts';
import { badArguments } from '../command-arguments.ts';
import { migrate } from '../db/migrate.ts';
import { connectOnce } from '../db/pool.ts';
import { silentLog } from '../log.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { openDatabase } from '../postgres/database.ts';
import { StartupError } from '../startup-error.ts';
import { notifyScopes } from '../sync/pokes.ts';
import { readArticleFiles } from './article-files.ts';
import { proposedArticle, publishedArticle } from './imported-article.ts';

const USAGE = [
  'Usage: npm run server -- knowledge import --centre 320100 [--folder resources/knowledge] [--by 姓名]',
  '         [--publish] [--with-demo] [--data DIR]',
  'Without --publish the articles wait for approval by an editor. DATABASE_URL names an existing PostgreSQL.',
].join('\n');

const argumentsSchema = z.strictObject({
  centre: centreSchema,
  folder: z.string().min(1),
  by: textSchema(LIMITS.name).min(1),
  publish: z.boolean(),
  'with-demo': z.boolean(),
  data: z.string().min(1),
});
type Arguments = z.infer<typeof argumentsSchema>;

/** What an import of articles did. */
export interface ArticleImport {
  readonly added: number;
  /** There before; whatever editors made of them stays. */
  readonly kept: number;
  /** About the made-up centre, left out. */
  readonly demo: number;
}

/**
 * `knowledge import`: gives a centre the articles of a folder. Articles that are there stay as they are, so it may be run again.
 * Works beside a running server, whose consoles are told.
 * @throws StartupError BAD_ARGUMENTS, BAD_ARTICLES, and what opening the database throws
 */
export async function runKnowledgeCommand(args: readonly string[]): Promise<ArticleImport> {
  const wanted = readArguments(args);
  const files = await readArticleFiles(wanted.folder);
  const taken = files.filter(({ content }) => wanted['with-demo'] || !content.demo);
  const database = await openDatabase(
    { url: process.env.DATABASE_URL || null, dir: wanted.data, share: true },
    silentLog,
  );
  try {
    const client = await connectOnce(database.url);
    try {
      await migrate(client, MIGRATIONS);
      const now = systemClock.now();
      const records = taken.map((file) =>
        wanted.publish
          ? publishedArticle(wanted.centre, file, { authorName: wanted.by, reviewerName: wanted.by }, now)
          : proposedArticle(wanted.centre, file, wanted.by, now),
      );
      let added = 0;
      await inLoadTransaction(client, async () => {
        const loaded = await loadRecords(client, records);
        added = loaded.added;
        if (added > 0) await notifyScopes(client, loaded.scopes);
      });
      const counts = { added, kept: records.length - added, demo: files.length - taken.length };
      process.stdout.write(`${JSON.stringify({ event: 'knowledge.imported', centre: wanted.centre, ...counts })}\n`);
      return counts;
    } finally {
      await client.end();
    }
  } finally {
    await database.close();
  }
}

function readArguments(args: readonly string[]): Arguments {
  if (args[0] !== 'import') throw new StartupError('BAD_ARGUMENTS', USAGE);
  try {
    const { values } = parseArgs({
      args: args.slice(1),
      options: {
        centre: { type: 'string' },
        folder: { type: 'string', default: 'resources/knowledge' },
        by: { type: 'string', default: '导入' },
        publish: { type: 'boolean', default: false },
        'with-demo': { type: 'boolean', default: false },
        data: { type: 'string', default: '.server-data' },
      },
    });
    return argumentsSchema.parse(values);
  } catch (cause) {
    throw badArguments(USAGE, cause);
  }
}
