import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '#renderer/app/i18n/en.ts';
import { zhCN } from '#renderer/app/i18n/zh-CN.ts';

const SRC = join(import.meta.dirname, '../../../../src');
/** The dictionaries themselves: naming a text there is not using it. */
const DICTIONARIES = join(SRC, 'renderer/app/i18n');

interface Texts {
  readonly [key: string]: string | Texts;
}

/** A text as code names it: its keys from the room down, joined by dots. English has two where a number changes the words. */
function namesOf(texts: Texts, path: readonly string[] = []): readonly string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[...path, key.replace(/_one$/, '')].join('.')] : namesOf(value, [...path, key]),
  );
}

function sources(): readonly string[] {
  return readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && /\.tsx?$/.test(file.name) && !file.parentPath.startsWith(DICTIONARIES))
    .map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
}

/** Whether code names a text: as it is, or by a template whose open places are words that the code knows. */
function prepareLookup(): (name: string) => boolean {
  const all = sources().join('\n');
  const literals = new Set([...all.matchAll(/'([\w-]+(?:\.[\w-]+)+)'/g)].map(([, name]) => name));
  const templates = [...new Set([...all.matchAll(/`([\w-]+\.[^`\n]*\$\{[^`\n]*)`/g)].map(([, text]) => text ?? ''))]
    .map((text) => text.split(/\$\{[^}]*\}/))
    .filter((parts) => parts.every((part) => /^[\w.-]*$/.test(part)))
    .map((parts) => new RegExp(`^${parts.map((part) => part.replaceAll('.', '\\.')).join('(.+)')}$`));
  const words = new Set(all.match(/[\p{L}\p{N}_-]+/gu));
  for (const word of [...words]) for (const part of word.split('-')) words.add(part);
  return (name) =>
    literals.has(name) ||
    templates.some((template) => {
      const open = template.exec(name)?.slice(1);
      return open?.every((value) => value.split('.').every((word) => words.has(word))) === true;
    });
}

test('every text of both languages is used somewhere, so that none is kept and translated for nobody', () => {
  const isUsed = prepareLookup();
  for (const [language, texts] of [
    ['zh-CN', zhCN],
    ['en', en],
  ] as const) {
    const unused = namesOf(texts).filter((name) => !isUsed(name));
    expect([language, unused]).toEqual([language, []]);
  }
});

test('a text that nobody names is noticed, whatever it stands beside', () => {
  const isUsed = prepareLookup();
  expect(isUsed('tickets.detail.noTitle')).toBe(true);
  expect(isUsed('call.log.outcome.handed_off')).toBe(true);
  for (const name of ['tickets.detail.noTitel', 'call.log.outcome.vanishedLongAgo', 'lonely.word']) {
    expect([name, isUsed(name)]).toEqual([name, false]);
  }
});
