import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type ArticleContent, articleContentSchema } from '#shared/domain/knowledge.ts';
import { type RecordId, recordIdSchema } from '#shared/kernel/ids.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { StartupError } from '../startup-error.ts';

/** An article as it lies in a folder; `name` is the file's, without its ending. */
export interface ArticleFile {
  readonly name: string;
  readonly content: ArticleContent;
}

/**
 * Reads the articles (*.json) of a folder, by name.
 * @throws StartupError BAD_ARTICLES naming every file that cannot be used, with path and reason
 */
export async function readArticleFiles(folder: string): Promise<readonly ArticleFile[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new StartupError('BAD_ARTICLES', `The folder ${folder} cannot be read.`, { cause });
  });
  const articles: ArticleFile[] = [];
  const problems: string[] = [];
  for (const name of names.filter((each) => each.endsWith('.json')).sort()) {
    try {
      const content = articleContentSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
      articles.push({ name: basename(name, '.json'), content });
    } catch (error) {
      problems.push(`${name}: ${reasonOf(error)}`);
    }
  }
  if (problems.length > 0) {
    throw new StartupError('BAD_ARTICLES', `Some articles in ${folder} cannot be used.\n${problems.join('\n')}`);
  }
  return articles;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : 'unreadable';
  return error.issues.map((issue) => `${issue.path.join('.') || 'article'} (${issue.message})`).join('; ');
}

/** The uid an article of a folder has in a centre: importing it again finds the same one. */
export function articleUid(centre: string, name: string): RecordId {
  return recordIdSchema.parse(derivedUuid('hotline-article', centre, name));
}
